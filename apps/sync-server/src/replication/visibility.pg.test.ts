import type { ChangesFrame } from '@tradewind/shared/protocol/sync';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { MemoryConsole } from '../../test/memory-console.ts';
import { VisibleDesk } from '../../test/visible-desk.ts';
import { type AuthAgent, scopesOf } from '../auth/scopes.ts';
import { findAccessChange } from './access-change.ts';
import { ChangeBus } from './change-log.ts';
import { LiveFeed } from './live-feed.ts';

const DESK = 'desk-1';
const NOW = 1_800_000_000_000;
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

async function openDesk(seed: number): Promise<{ random: () => number; desk: VisibleDesk }> {
  const random = createRandom(seed);
  const desk = new VisibleDesk(database.db, random, `s${seed}-`);
  await desk.fill();
  return { random, desk };
}

const openConsole = (agent: AuthAgent) => new MemoryConsole(database.db, DESK, agent);

/** Consoles that are told by frames, one for each agent. */
class FramedConsoles {
  readonly all: MemoryConsole[];
  readonly #bus = new ChangeBus();
  readonly #feed: LiveFeed;
  /** A socket's room, and the version of access its session has. */
  readonly #rooms = new Map<MemoryConsole, { key: string; accessVersion: number }>();
  #turn: Promise<void> = Promise.resolve();

  constructor(agents: readonly AuthAgent[]) {
    this.all = agents.map(openConsole);
    this.#feed = new LiveFeed({
      db: database.db,
      bus: this.#bus,
      deskId: DESK,
      log: pino({ level: 'silent' }),
      now: () => NOW,
      send: (key: string, frame: Omit<ChangesFrame, 'accessVersion'>) => {
        for (const [one, { key: own, accessVersion }] of this.#rooms) {
          if (own === key) this.#then(() => one.hear({ ...frame, accessVersion }));
        }
      },
      onDirectoryChange: async () => undefined,
    });
    onTestFinished(async () => {
      this.#feed.stop();
      await this.#turn;
    });
  }

  async start(): Promise<void> {
    await this.#feed.start();
    for (const one of this.all) this.#join(one);
    await this.#turn;
  }

  announce(seq: number): void {
    this.#bus.announce(seq);
  }

  /** As a socket of these agents does when their access changes: its room first, then what the console does about it. */
  move(agents: readonly AuthAgent[]): void {
    for (const one of this.all) {
      if (!agents.includes(one.agent)) continue;
      this.#feed.leave(this.#rooms.get(one)?.key ?? '');
      this.#join(one);
    }
  }

  /** Subscribe first, then pull. */
  #join(one: MemoryConsole): void {
    this.#rooms.set(one, { key: this.#feed.join(one.agent), accessVersion: one.agent.accessVersion });
    this.#then(() => one.pull(100));
  }

  #then(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }
}

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test.each(seeds(10))(
  '[R6] [R15] seed %i: whoever only pulls and whoever only hears frames hold just what their agents may see',
  async (seed) => {
    const { random, desk } = await openDesk(seed);
    const framed = new FramedConsoles(desk.agents);
    await framed.start();
    const pulling = desk.agents.map(openConsole);
    const actions = ['begin', 'message', 'assign', 'mention', 'join', 'order'] as const;
    for (let step = 0; step < 60; step++) {
      framed.announce(await desk[pick(random, actions)]());
      if (random() < 0.25) await pick(random, pulling).pull(pick(random, [3, 50]), pick(random, [1, 2, 100]));
    }
    framed.announce(await desk.message());

    for (const console of pulling) {
      await console.pull(50);
      expect(console.keys, `pulled by ${console.agent.name}`).toEqual(desk.visibleTo(console.agent));
    }
    for (const console of framed.all) {
      await vi.waitFor(() => expect(console.keys).toEqual(desk.visibleTo(console.agent)), { timeout: 10_000 });
    }
    for (const { held, agent } of pulling) {
      for (const { scopes } of held.values())
        for (const scope of scopes ?? []) expect(scopesOf(agent)).toContain(scope);
    }
  },
);

test.each(seeds(10))(
  '[R6] [R15] seed %i: teams of agents and accounts change too, and only what was lost and gained is erased and fetched',
  async (seed) => {
    const { random, desk } = await openDesk(100 + seed);
    const framed = new FramedConsoles(desk.agents);
    await framed.start();
    const pulling = desk.agents.map(openConsole);
    const actions = ['begin', 'message', 'assign', 'mention', 'join', 'order'] as const;
    for (let step = 0; step < 60; step++) {
      const chance = random();
      if (chance < 0.12) framed.move([await desk.moveAgent()]);
      else if (chance < 0.18) framed.move(await desk.moveAccount());
      else framed.announce(await desk[pick(random, actions)]());
      if (random() < 0.25) await pick(random, pulling).pull(pick(random, [3, 50]), pick(random, [1, 2, 100]));
    }
    framed.announce(await desk.message());

    for (const console of pulling) {
      await console.pull(50);
      expect(console.keys, `pulled by ${console.agent.name}`).toEqual(desk.visibleTo(console.agent));
      const fresh = openConsole(console.agent);
      await fresh.pull(50);
      expect(fresh.keys, `read from the beginning by ${console.agent.name}`).toEqual(console.keys);
    }
    for (const console of framed.all) {
      await vi.waitFor(() => expect(console.keys).toEqual(desk.visibleTo(console.agent)), { timeout: 10_000 });
    }
  },
);

test('[R15] the teams of an account change: who never saw it keeps his version, the others start over and see what they may', async () => {
  const { desk } = await openDesk(1);
  const [mei, sam, out] = desk.agents as [AuthAgent, AuthAgent, AuthAgent];
  await desk.begin('s1-vip');
  const conversation = [...desk.conversations.values()].at(-1) ?? expect.fail();
  await desk.write({ ...conversation, assigneeId: out.id });
  expect((await desk.moveAccount('s1-vip', ['returns'])).map((agent) => agent.id)).toEqual([mei.id, sam.id]);
  const sees = async (agent: AuthAgent) => {
    const console = openConsole(agent);
    await console.pull(100);
    expect(console.keys).toEqual(desk.visibleTo(agent));
    return console.held.has(`conversation:${conversation.id}`);
  };
  expect([await sees(mei), await sees(sam), await sees(out)]).toEqual([false, true, true]);
  const reader = { agentId: mei.id, scopes: scopesOf(mei), accessVersion: 2 };
  expect(await findAccessChange(database.db, reader, 1)).toEqual({ lost: ['all'], gained: ['all'], accessVersion: 2 });
});

test('[R6] [R15] a change of an agent’s teams is told as what he lost and gained, over several steps too', async () => {
  const { db } = database;
  const values = { id: 'mover', email: 'mover@x.example', name: 'Mover', password_hash: '', created_at: NOW };
  await db
    .insertInto('agents')
    .values({ ...values, role: 'agent', team_ids: ['a', 'b'] })
    .execute();
  const move = async (version: number, team_ids: string[], role: 'agent' | 'admin' = 'agent') => {
    await db.updateTable('agents').set({ team_ids, role, access_version: version }).where('id', '=', 'mover').execute();
    return { agentId: 'mover', scopes: scopesOf({ id: 'mover', role, teamIds: team_ids }), accessVersion: version };
  };
  await move(2, ['b', 'c']);
  const now = await move(3, ['c', 'd']);
  expect(await findAccessChange(db, now, 2)).toEqual({ lost: ['team:b'], gained: ['team:d'], accessVersion: 3 });
  expect(await findAccessChange(db, now, 1)).toEqual({
    lost: ['team:a', 'team:b'],
    gained: ['team:c', 'team:d'],
    accessVersion: 3,
  });
  const everything = { lost: ['all'], gained: ['all'] };
  expect(await findAccessChange(db, now, 77)).toMatchObject(everything);
  expect(await findAccessChange(db, await move(4, ['c'], 'admin'), 3)).toMatchObject(everything);
  expect(await findAccessChange(db, await move(5, ['c']), 4)).toMatchObject(everything);
});
