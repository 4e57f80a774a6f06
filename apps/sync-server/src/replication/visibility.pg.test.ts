import type { Change, ChangesFrame, ChangesPage } from '@tradewind/shared/protocol/sync';
import { decodeCheckpoint } from '@tradewind/shared/protocol/sync';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder } from '../../test/documents.ts';
import { rescopeAccount } from '../accounts/rescope.ts';
import { type AuthAgent, scopesOf } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';
import { writeConversations, writeCustomers, writeMessages, writeOrders } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import { findAccessChange } from './access-change.ts';
import { appendChanges, ChangeBus, type ChangeEntry, headOf } from './change-log.ts';
import { readChangesPage } from './changes-page.ts';
import { LiveFeed } from './live-feed.ts';

const DESK = 'desk-1';
const NOW = 1_800_000_000_000;
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

/** Accounts and their teams as the test itself knows them: what each agent may see is worked out from these alone. */
class Model {
  readonly prefix: string;
  readonly accounts = new Map<string, { family: 'channel' | 'store'; teamIds: string[] }>();
  readonly agents: AuthAgent[];
  readonly conversations = new Map<string, Conversation>();
  readonly messages = new Map<string, string>();
  readonly orders = new Map<string, { storeId: string; customerId: string }>();

  constructor(prefix: string) {
    this.prefix = prefix;
    const agent = (name: string, teamIds: string[], role: 'agent' | 'admin' = 'agent'): AuthAgent => {
      const id = `${prefix}${name}`;
      return { id, email: `${id}@x.example`, name, role, teamIds, accessVersion: 1 };
    };
    this.agents = [agent('mei', ['vip']), agent('sam', ['returns']), agent('out', []), agent('boss', [], 'admin')];
    this.accounts.set(`${prefix}open`, { family: 'channel', teamIds: [] });
    this.accounts.set(`${prefix}vip`, { family: 'channel', teamIds: ['vip'] });
    this.accounts.set(`${prefix}returns`, { family: 'channel', teamIds: ['returns', 'vip'] });
    this.accounts.set(`${prefix}store`, { family: 'store', teamIds: ['returns'] });
  }

  #seesAccount(agent: AuthAgent, id: string): boolean {
    const teamIds = this.accounts.get(id)?.teamIds ?? [];
    return teamIds.length === 0 || teamIds.some((team) => agent.teamIds.includes(team));
  }

  seesConversation(agent: AuthAgent, { channelAccountId, assigneeId, mentionedIds }: Conversation): boolean {
    if (agent.role === 'admin') return true;
    return (
      this.#seesAccount(agent, channelAccountId) || assigneeId === agent.id || (mentionedIds ?? []).includes(agent.id)
    );
  }

  /** Everything the agent may see, as `collection:id`, sorted. */
  visibleTo(agent: AuthAgent): string[] {
    const seen = [...this.conversations.values()].filter((one) => this.seesConversation(agent, one));
    const conversationIds = new Set(seen.map((one) => one.id));
    const customerIds = new Set(seen.map((one) => one.customerId));
    const orders = [...this.orders].filter(
      ([, order]) =>
        agent.role === 'admin' || this.#seesAccount(agent, order.storeId) || customerIds.has(order.customerId),
    );
    for (const [, order] of orders) customerIds.add(order.customerId);
    return [
      ...[...conversationIds].map((id) => `conversation:${id}`),
      ...[...this.messages].filter(([, id]) => conversationIds.has(id)).map(([id]) => `message:${id}`),
      ...orders.map(([id]) => `order:${id}`),
      ...[...customerIds].map((id) => `customer:${id}`),
    ].sort();
  }
}

/** A console by the rules of docs/protocol.md, in memory: what it holds is what its agent sees. */
class Reader {
  readonly agent: AuthAgent;
  readonly held = new Map<string, Change>();
  checkpoint: string | null = null;
  readonly #partial = new Set<string>();

  constructor(agent: AuthAgent) {
    this.agent = agent;
  }

  get keys(): string[] {
    return [...this.held.keys()].sort();
  }

  async pull(limit: number): Promise<void> {
    for (;;) {
      const reader = { agentId: this.agent.id, scopes: scopesOf(this.agent), accessVersion: 1 };
      const request = { checkpoint: this.checkpoint, limit, accessVersion: null };
      const page = JSON.parse(await readChangesPage(database.db, DESK, reader, request, NOW)) as ChangesPage;
      await this.take(page.changes, page.checkpoint, page.upToDate ? 'last page' : 'page');
      if (page.upToDate) return;
    }
  }

  async take(changes: readonly Change[], checkpoint: string, from: 'page' | 'last page' | 'frame'): Promise<void> {
    const reached = this.checkpoint === null ? 0 : (decodeCheckpoint(this.checkpoint)?.seq ?? 0);
    for (const change of changes) {
      if (change.seq <= reached || !['conversation', 'message', 'order', 'customer'].includes(change.collection))
        continue;
      const key = `${change.collection}:${change.id}`;
      if (change.removed || change.deleted) this.#drop(key);
      else await this.#put(key, change, reached);
    }
    // A message of a conversation that is not here is dropped at the head (rule c).
    if (from !== 'page') for (const [key, change] of this.held) if (!this.#belongs(change)) this.held.delete(key);
    this.checkpoint = checkpoint;
  }

  #belongs({ collection, doc }: Change): boolean {
    return (
      collection !== 'message' || this.held.has(`conversation:${(doc as { conversationId?: string }).conversationId}`)
    );
  }

  #drop(key: string): void {
    this.held.delete(key);
    for (const [other, { collection, doc }] of this.held) {
      const conversationId = (doc as { conversationId?: string } | undefined)?.conversationId;
      if (collection === 'message' && key === `conversation:${conversationId}`) this.held.delete(other);
    }
  }

  async #put(key: string, change: Change, reached: number): Promise<void> {
    const isOlderAndNew = !this.held.has(key) && change.createdSeq <= reached;
    this.held.set(key, change);
    if (change.collection === 'conversation' && (isOlderAndNew || this.#partial.has(change.id))) {
      await this.#fetchMessages(change.id);
    }
  }

  /** Whole, as this agent may see it now; what he may not see at the moment stays partial until it is told again. */
  async #fetchMessages(conversationId: string): Promise<void> {
    const { rows } = await sql<{ id: string; doc: Change['doc']; seq: number }>`
      select m.id, m.doc, log.seq from messages m
      join change_log log on log.collection = 'message' and log.id = m.id and log.scope_left = ''
      where m.conversation_id = ${conversationId} and log.scopes && ${[...scopesOf(this.agent)]}::text[]`.execute(
      database.db,
    );
    if (rows.length > 0) this.#partial.delete(conversationId);
    else this.#partial.add(conversationId);
    for (const { id, doc, seq } of rows) {
      this.held.set(`message:${id}`, { seq, createdSeq: seq, collection: 'message', id, ...(doc ? { doc } : {}) });
    }
  }
}

async function change(work: (tx: Tx) => Promise<readonly Omit<ChangeEntry, 'scopes'>[]>): Promise<number> {
  return database.db.transaction().execute(async (tx) => {
    const entries = (await work(tx)).map((entry) => ({ ...entry, scopes: null }));
    return headOf(await appendChanges(tx, entries, NOW));
  });
}

async function start(prefix: string): Promise<{ model: Model; feed: LiveFeed; bus: ChangeBus; framed: Reader[] }> {
  const model = new Model(prefix);
  for (const [id, { family, teamIds }] of model.accounts) {
    await insertAccount(database.db, { id, family, kind: 'json', teamIds });
  }
  for (const { id, email, name, role, teamIds } of model.agents) {
    const values = { id, email, name, role, team_ids: teamIds, password_hash: '', created_at: NOW };
    await database.db.insertInto('agents').values(values).execute();
  }
  const framed = model.agents.map((agent) => new Reader(agent));
  const byKey = new Map<string, Reader>();
  let turn: Promise<void> = Promise.resolve();
  const bus = new ChangeBus();
  const feed = new LiveFeed({
    db: database.db,
    bus,
    deskId: DESK,
    log: pino({ level: 'silent' }),
    now: () => NOW,
    send: (key: string, frame: Omit<ChangesFrame, 'accessVersion'>) => {
      turn = turn.then(() => byKey.get(key)?.take(frame.changes, frame.checkpoint, 'frame'));
    },
    onDirectoryChange: async () => undefined,
  } as ConstructorParameters<typeof LiveFeed>[0]);
  await feed.start();
  onTestFinished(async () => {
    feed.stop();
    await turn;
  });
  for (const reader of framed) {
    byKey.set(feed.join(reader.agent), reader);
    await reader.pull(100);
  }
  return { model, feed, bus, framed };
}

test.each(Array.from({ length: 10 }, (_, index) => index + 1))(
  '[R6] [R15] seed %i: whoever only pulls and whoever only hears frames hold just what their agents may see',
  async (seed) => {
    const random = createRandom(seed);
    const prefix = `s${seed}-`;
    const { model, bus, framed } = await start(prefix);
    const pulling = model.agents.map((agent) => new Reader(agent));
    const channels = ['open', 'vip', 'returns'].map((name) => prefix + name);
    const customers = ['li', 'bo', 'cy'].map((name) => prefix + name);
    let count = 0;
    await change(async (tx) => {
      await runWrites(tx, [
        writeCustomers(
          customers.map((id) => buildCustomer({ id })),
          NOW,
        ),
      ]);
      return [];
    });

    const write = (next: Conversation, left: readonly string[] = []) =>
      change(async (tx) => {
        await runWrites(tx, [writeConversations([next], NOW)]);
        model.conversations.set(next.id, next);
        const touched = left.length > 0 ? [...left, next.customerId] : [];
        return [
          ...touched.map((id) => ({ collection: 'customer' as const, id })),
          { collection: 'conversation', id: next.id },
        ];
      });
    const actions: (() => Promise<number>)[] = [
      () =>
        change(async (tx) => {
          const customerId = pick(random, customers);
          const channelAccountId = pick(random, channels);
          const doc = buildConversation({ id: `${prefix}v${++count}`, channelAccountId, customerId });
          const message = buildMessage({ id: `${prefix}m${++count}`, conversationId: doc.id, channelAccountId });
          await runWrites(tx, [writeConversations([doc], NOW), writeMessages([message])]);
          model.conversations.set(doc.id, doc);
          model.messages.set(message.id, doc.id);
          return [
            { collection: 'customer', id: customerId },
            { collection: 'conversation', id: doc.id },
            { collection: 'message', id: message.id },
          ];
        }),
      async () => {
        const doc = pick(random, [...model.conversations.values()]);
        return write({ ...doc, assigneeId: pick(random, [null, ...model.agents.map((agent) => agent.id)]) });
      },
      async () => {
        const doc = pick(random, [...model.conversations.values()]);
        const mentionedIds = [...new Set([...(doc.mentionedIds ?? []), pick(random, model.agents).id])];
        return write({ ...doc, mentionedIds });
      },
      // A visitor turns out to be somebody else.
      async () => {
        const doc = pick(random, [...model.conversations.values()]);
        return write({ ...doc, customerId: pick(random, customers) }, [doc.customerId]);
      },
      () =>
        change(async (tx) => {
          const { id: conversationId, channelAccountId } = pick(random, [...model.conversations.values()]);
          const id = `${prefix}m${++count}`;
          await runWrites(tx, [writeMessages([buildMessage({ id, conversationId, channelAccountId })])]);
          model.messages.set(id, conversationId);
          return [{ collection: 'message', id }];
        }),
      () =>
        change(async (tx) => {
          const known = random() < 0.5 ? [...model.orders.keys()].at(-1) : undefined;
          const id = known ?? `${prefix}o${++count}`;
          const storeId = `${prefix}store`;
          const customerId = model.orders.get(id)?.customerId ?? pick(random, customers);
          await runWrites(tx, [writeOrders([buildOrder({ id, storeId, customerId })])]);
          model.orders.set(id, { storeId, customerId });
          return [{ collection: 'order', id }];
        }),
    ];
    await actions[0]?.();
    await actions[5]?.();
    for (let step = 0; step < 60; step++) {
      bus.announce(await pick(random, actions)());
      if (random() < 0.2) await pick(random, pulling).pull(pick(random, [3, 50]));
    }
    bus.announce(await write(pick(random, [...model.conversations.values()])));

    for (const reader of pulling) {
      await reader.pull(50);
      expect(reader.keys, `pulled by ${reader.agent.name}`).toEqual(model.visibleTo(reader.agent));
    }
    for (const reader of framed) {
      await vi.waitFor(() => expect(reader.keys).toEqual(model.visibleTo(reader.agent)), { timeout: 10_000 });
    }
    for (const { held, agent } of pulling) {
      for (const { scopes } of held.values())
        for (const scope of scopes ?? []) expect(scopesOf(agent)).toContain(scope);
    }
  },
);

test('[R15] the teams of an account change: who never saw it keeps his version, the others start over and see what they may', async () => {
  const prefix = 'teams-';
  const { model } = await start(prefix);
  const [mei, sam, out] = model.agents;
  const id = `${prefix}v1`;
  await change(async (tx) => {
    const doc = buildConversation({
      id,
      channelAccountId: `${prefix}vip`,
      customerId: `${prefix}li`,
      assigneeId: out?.id ?? null,
    });
    const message = buildMessage({ id: `${prefix}m1`, conversationId: id, channelAccountId: `${prefix}vip` });
    await runWrites(tx, [
      writeCustomers([buildCustomer({ id: `${prefix}li` })], NOW),
      writeConversations([doc], NOW),
      writeMessages([message]),
    ]);
    return [
      { collection: 'customer', id: `${prefix}li` },
      { collection: 'conversation', id },
      { collection: 'message', id: message.id },
    ];
  });
  const touched = await database.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('accounts')
      .set({ team_ids: ['returns'] })
      .where('id', '=', `${prefix}vip`)
      .execute();
    return rescopeAccount(tx, `${prefix}vip`, ['vip'], ['returns']);
  });
  expect(touched.filter((one) => one.startsWith(prefix)).sort()).toEqual([mei?.id, sam?.id].sort());
  const seen = async (agent: AuthAgent | undefined) => {
    if (!agent) return expect.fail();
    const reader = new Reader(agent);
    await reader.pull(100);
    return reader.keys.filter((key) => key.includes(prefix)).length;
  };
  expect([await seen(mei), await seen(sam), await seen(out)]).toEqual([0, 3, 3]);
  const known = { agentId: mei?.id ?? '', scopes: scopesOf(mei ?? expect.fail()), accessVersion: 2 };
  expect(await findAccessChange(database.db, known, 1)).toEqual({ lost: ['all'], gained: ['all'], accessVersion: 2 });
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
