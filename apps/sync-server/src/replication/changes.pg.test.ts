import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@tradewind/shared/protocol/errors';
import {
  type ChangesFrame,
  type ChangesPage,
  decodeCheckpoint,
  encodeCheckpoint,
} from '@tradewind/shared/protocol/sync';
import { createRandom } from '@tradewind/shared/testing/random';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildMessage, seedDocuments } from '../../test/documents.ts';
import type { AuthAgent, Scopes } from '../auth/scopes.ts';
import { appendChanges, ChangeBus, headOf } from './change-log.ts';
import { readChangesPage } from './changes-page.ts';
import { LiveFeed } from './live-feed.ts';

const DESK = 'desk-1';
let database: TestDatabase;
const now = 1_800_000_000_000;
const nobody: AuthAgent = { id: 'a', email: '', name: '', role: 'agent', teamIds: [], accessVersion: 1 };

beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 24 });
});
afterAll(() => database.close());

/** Writes team documents as a real transaction would: work first, change log last. */
async function writeTeams(ids: readonly string[], scopes: readonly string[], workMs = 0): Promise<number> {
  return database.db.transaction().execute(async (tx) => {
    for (const id of ids) {
      await tx
        .insertInto('teams')
        .values({ id, name: `${id} ${Math.random()}`, created_at: now })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ created_at: now }))
        .execute();
    }
    if (workMs > 0) await sleep(workMs);
    return headOf(
      await appendChanges(
        tx,
        ids.map((id) => ({ collection: 'directory' as const, id, scopes })),
        now,
      ),
    );
  });
}

async function readPage(
  checkpoint: string | null,
  options: { limit?: number; scopes?: Scopes; accessVersion?: number } = {},
): Promise<ChangesPage> {
  const reader = { agentId: 'a', scopes: options.scopes ?? ['all'], accessVersion: 1 };
  const request = { checkpoint, limit: options.limit ?? 1_000, accessVersion: options.accessVersion ?? null };
  return JSON.parse(await readChangesPage(database.db, DESK, reader, request, now)) as ChangesPage;
}

test('[R5] sixteen writers at once: a reader that only ever goes forward misses nothing', async () => {
  const random = createRandom(7);
  const written: string[] = [];
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let round = 0; round < 20; round++) {
      const ids = [`w${writer}-${round}-a`, `w${writer}-${round}-b`];
      await writeTeams(ids, ['desk'], random() * 5);
      written.push(...ids);
    }
  });
  const seen = new Set<string>();
  let checkpoint: string | null = null;
  let writing = true;
  const reading = (async () => {
    for (;;) {
      const last = !writing;
      const page: ChangesPage = await readPage(checkpoint, { limit: 7 });
      for (const change of page.changes) seen.add(change.id);
      ({ checkpoint } = page);
      if (last && page.upToDate) return;
    }
  })();
  await Promise.all(writers);
  writing = false;
  await reading;
  expect(written.filter((id) => !seen.has(id))).toEqual([]);
});

test('a document changed again moves to a new seq and keeps its createdSeq; pages carry it once', async () => {
  const first = await writeTeams(['moving'], ['desk']);
  const second = await writeTeams(['moving'], ['desk']);
  const page = await readPage(null, { limit: 5_000 });
  const found = page.changes.filter((change) => change.id === 'moving');
  expect(found).toEqual([
    expect.objectContaining({
      seq: second,
      createdSeq: first,
      doc: expect.objectContaining({ createdSeq: first, kind: 'team' }),
    }),
  ]);
});

test('[R15] a reader gets only what his scopes meet, and a checkpoint past what he may not see', async () => {
  await writeTeams(['open-team'], ['desk']);
  const hidden = await writeTeams(['hidden-team'], ['team:vip']);
  const page = await readPage(null, { scopes: ['desk', 'agent:a'], limit: 5_000 });
  const ids = page.changes.map((change) => change.id);
  expect(ids).toContain('open-team');
  expect(ids).not.toContain('hidden-team');
  expect(decodeCheckpoint(page.checkpoint)?.seq).toBe(hidden);
  expect(page.upToDate).toBe(true);
  const rest = await readPage(page.checkpoint, { scopes: ['desk'] });
  expect(rest).toMatchObject({ changes: [], upToDate: true, checkpoint: page.checkpoint });
});

test('a checkpoint of another history, of another desk or from the future asks for a resync; garbage is bad input', async () => {
  const { checkpoint } = await readPage(null, { limit: 5_000 });
  const real = decodeCheckpoint(checkpoint);
  if (!real) throw new Error('a page without a checkpoint');
  const refuse = async (text: string, kind: string) => {
    const error = await readPage(text).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).kind).toBe(kind);
  };
  await refuse(encodeCheckpoint({ ...real, mark: 'other' }), 'resync');
  await refuse(encodeCheckpoint({ ...real, deskId: 'desk-2' }), 'resync');
  await refuse(encodeCheckpoint({ ...real, seq: real.seq + 1_000 }), 'resync');
  await refuse('%%%', 'bad-input');
  await refuse(encodeCheckpoint({ ...real, seq: -1 }), 'bad-input');
});

test('a client that believes in another access version is told to start over', async () => {
  await expect(readPage(null, { accessVersion: 2 })).rejects.toMatchObject({
    kind: 'access-changed',
    data: { accessVersion: 1 },
  });
});

test('[R7] live frames chain without a hole, each scope set gets its own', async () => {
  const bus = new ChangeBus();
  const frames = new Map<string, Omit<ChangesFrame, 'accessVersion'>[]>();
  const feed = new LiveFeed({
    db: database.db,
    bus,
    deskId: DESK,
    log: pino({ level: 'silent' }),
    now: Date.now,
    send: (group, frame) => frames.set(group, [...(frames.get(group) ?? []), frame]),
    onDirectoryChange: async () => undefined,
  });
  await feed.start();
  const agent: AuthAgent = { id: 'a', email: '', name: '', role: 'agent', teamIds: [], accessVersion: 1 };
  const all = feed.join({ ...agent, role: 'admin' });
  const few = feed.join(agent);
  const start = feed.cursor;
  for (let round = 0; round < 10; round++)
    bus.announce(await writeTeams([`live-${round}`], [round % 2 === 0 ? 'desk' : 'team:vip']));
  await expect.poll(() => frames.get(all)?.flatMap((frame) => frame.changes).length).toBe(10);
  await expect.poll(() => frames.get(few)?.flatMap((frame) => frame.changes).length).toBe(5);
  feed.stop();
  for (const [group, expected] of [
    [all, 10],
    [few, 5],
  ] as const) {
    const received = frames.get(group) ?? [];
    let at = start;
    for (const frame of received) {
      expect(frame.fromSeq).toBe(at);
      at = frame.toSeq;
    }
    expect(received.flatMap((frame) => frame.changes)).toHaveLength(expected);
  }
  const last = frames.get(all)?.at(-1);
  expect((await readPage(last?.checkpoint ?? null)).changes).toEqual([]);
});

test('[R7] whoever joins while an idle feed moves on is told of what lies between', async () => {
  await writeTeams(['before-join'], ['desk']);
  let feed: LiveFeed | null = null;
  let joined = '';
  const frames: Omit<ChangesFrame, 'accessVersion'>[] = [];
  // The feed looks at the head, then at the head's mark; somebody joins in between.
  const joining = new Proxy(database.db, {
    get(db, name) {
      if (name === 'selectFrom' && ++selects === 4 && feed) joined = feed.join({ ...nobody, role: 'admin' });
      const value: unknown = Reflect.get(db, name, db);
      return typeof value === 'function' ? value.bind(db) : value;
    },
  });
  let selects = 0;
  feed = new LiveFeed({
    ...{ db: joining, bus: new ChangeBus(), deskId: DESK, log: pino({ level: 'silent' }), now: Date.now },
    send: (_group, frame) => frames.push(frame),
    onDirectoryChange: async () => undefined,
  });
  await feed.start(); // looks at the head and its mark: two
  const start = feed.cursor;
  await writeTeams(['while-joining'], ['desk']);
  const ids = () => frames.flatMap((frame) => frame.changes.map((change) => change.id));
  await expect.poll(ids).toContain('while-joining');
  expect(frames[0]?.fromSeq).toBe(start);
  feed.stop();
  feed.leave(joined);
});

test('[R15] access is looked at again before what was written after its change is sent', async () => {
  const bus = new ChangeBus();
  const sent: string[] = [];
  let feed: LiveFeed | null = null;
  feed = new LiveFeed({
    ...{ db: database.db, bus, deskId: DESK, log: pino({ level: 'silent' }), now: Date.now },
    send: (group, frame) => sent.push(...frame.changes.map((change) => `${group}: ${change.id}`)),
    onDirectoryChange: async (ids) => {
      if (!ids.includes('agent-row')) return;
      feed?.leave(group);
      group = feed?.join(nobody) ?? '';
    },
  });
  await feed.start();
  let group = feed.join({ ...nobody, teamIds: ['vip'] });
  await writeTeams(['agent-row'], ['desk']);
  await writeTeams(['secret-row'], ['team:vip']);
  bus.announce(await writeTeams(['public-row'], ['desk']));
  await expect.poll(() => sent).toContain('agent:a,desk: public-row');
  feed.stop();
  expect(sent.filter((line) => line.includes('secret-row'))).toEqual([]);
});

test('a page of large documents ends early and loses none', async () => {
  const owner = { conversationId: 'large', channelAccountId: 'mail' };
  const messages = Array.from({ length: 9 }, (_, index) =>
    // Text that does not compress: sizes count as they are stored.
    buildMessage({ ...owner, id: `large-${index}`, text: randomBytes(1_500_000).toString('base64') }),
  );
  const { checkpoint } = await readPage(null, { limit: 5_000 });
  await seedDocuments(database.db, { scopes: ['desk'], messages });
  const first = await readPage(checkpoint);
  expect([first.changes.length, first.upToDate]).toEqual([3, false]);
  const second = await readPage(first.checkpoint);
  const third = await readPage(second.checkpoint);
  expect(third.upToDate).toBe(true);
  const ids = [first, second, third].flatMap((page) => page.changes.map((change) => change.id));
  expect(ids).toEqual(messages.map((message) => message.id));
});
