import { type ChangesPage, decodeCheckpoint } from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildOrder } from '../../test/documents.ts';
import { writeOrders } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import { appendChanges } from '../replication/change-log.ts';
import { RESTORE_MARK, readChangesPage, resolveCheckpoint } from '../replication/changes-page.ts';
import { readSnapshotPage } from '../replication/snapshot-page.ts';
import { forgetOld, RESULT_RETENTION_MS } from './forget.ts';

const DESK = 'desk-1';
const DAY = 86_400_000;
const now = 1_800_000_000_000;
const KEEP_DAYS = 30;
const SLICE = 4;

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
  await database.db
    .insertInto('desk')
    .values({
      id: DESK,
      mode: 'desk',
      name: '',
      key_fingerprint: '',
      setup_code: null,
      public_url: null,
      created_at: 1,
      restored_at: null,
      restored_head_seq: null,
      restored_head_at: null,
    })
    .execute();
  await database.db
    .insertInto('agents')
    .values({ id: 'mei', email: '', name: '', password_hash: '', role: 'agent', created_at: 1 })
    .execute();
});
afterAll(() => database.close());

async function writeOrder(id: string, at: number, deleted = false): Promise<void> {
  await database.db.transaction().execute(async (tx) => {
    await runWrites(tx, [writeOrders([buildOrder({ id, storeId: 'shop', deleted })])]);
    await appendChanges(tx, [{ collection: 'order', id, scopes: ['desk'], deleted }], at);
  });
}

async function readPage(checkpoint: string | null, limit = 1_000): Promise<ChangesPage> {
  const reader = { agentId: 'mei', scopes: ['all'], accessVersion: 1 };
  return JSON.parse(
    await readChangesPage(database.db, DESK, reader, { checkpoint, accessVersion: null, limit }, now),
  ) as ChangesPage;
}

const idsOf = async (table: 'orders' | 'commands') =>
  (await database.db.selectFrom(table).select('id').orderBy('id').execute()).map((row) => row.id);

test('[R6] deletions are told until they are too old; a checkpoint from before then starts over, in pages, parts and greeting', async () => {
  await writeOrder('gone', now - 50 * DAY);
  await writeOrder('kept', now - 49 * DAY);
  const { checkpoint: before } = await readPage(null);
  const { nextCursor } = JSON.parse(
    await readSnapshotPage(
      database.db,
      DESK,
      { scopes: ['all'], accessVersion: 1, agentId: 'mei' },
      { part: 'history', cursor: null, accessVersion: null, limit: 1 },
      now,
    ),
  ) as { nextCursor: string };
  await writeOrder('gone', now - 40 * DAY, true);
  await writeOrder('gone-lately', now - 20 * DAY);
  const { checkpoint: recent } = await readPage(null);
  await writeOrder('gone-lately', now - 10 * DAY, true);
  expect((await readPage(before)).changes.find((change) => change.id === 'gone')?.deleted).toBe(true);

  expect(await forgetOld(database.db, now, KEEP_DAYS, SLICE)).toBe(true);

  await expect(readPage(before)).rejects.toMatchObject({ kind: 'resync' });
  await expect(resolveCheckpoint(database.db, DESK, before)).rejects.toMatchObject({ kind: 'resync' });
  const again = { part: 'history', cursor: nextCursor, accessVersion: null, limit: 1 };
  await expect(
    readSnapshotPage(database.db, DESK, { scopes: ['all'], accessVersion: 1, agentId: 'mei' }, again, now),
  ).rejects.toMatchObject({ kind: 'resync' });
  const rest = await readPage(recent);
  expect(rest.changes.map((change) => [change.id, change.deleted])).toEqual([['gone-lately', true]]);
  expect(await idsOf('orders')).toEqual(['gone-lately', 'kept']);
});

test('a console that reads from the beginning page by page gets to the end, however old what it reads', async () => {
  for (let n = 0; n < 25; n++) await writeOrder(`o-${n}`, now - (100 - n) * DAY, n % 3 === 0);
  await writeOrder('young', now);
  await forgetOld(database.db, now, KEEP_DAYS, SLICE);
  const seen: string[] = [];
  for (let checkpoint: string | null = null; ; ) {
    const page: ChangesPage = await readPage(checkpoint, 2);
    seen.push(...page.changes.map((change) => change.id));
    checkpoint = page.checkpoint;
    if (page.upToDate) break;
  }
  expect(seen).toEqual([
    ...Array.from({ length: 25 }, (_, n) => n)
      .filter((n) => n % 3 !== 0)
      .map((n) => `o-${n}`),
    'young',
  ]);
  const { rows } = await sql<{ marks: number }>`select count(*) as marks from commit_marks`.execute(database.db);
  expect(rows[0]?.marks).toBe(2);
});

test('a quiet desk keeps the mark of its head, and what a restore left out keeps its own', async () => {
  await writeOrder('a', now - 90 * DAY);
  await writeOrder('a', now - 89 * DAY, true);
  await writeOrder('b', now - 88 * DAY);
  await sql`update commit_marks set mark = ${`${RESTORE_MARK}x`} where last_seq = 2`.execute(database.db);
  await writeOrder('c', now - 87 * DAY);
  const { checkpoint } = await readPage(null);
  await forgetOld(database.db, now, KEEP_DAYS, SLICE);
  expect(await resolveCheckpoint(database.db, DESK, checkpoint)).toBe(decodeCheckpoint(checkpoint)?.seq);
  const marks = await database.db.selectFrom('commit_marks').selectAll().orderBy('last_seq').execute();
  expect(marks.map((row) => [row.first_seq, row.last_seq, row.mark.startsWith(RESTORE_MARK)])).toEqual([
    [1, 1, false],
    [2, 2, true],
    [3, 3, false],
    [4, 4, false],
  ]);
});

test('once a day, whichever node looks first', async () => {
  await writeOrder('a', now - 90 * DAY);
  expect(await forgetOld(database.db, now, KEEP_DAYS)).toBe(true);
  expect(await forgetOld(database.db, now + DAY - 1, KEEP_DAYS)).toBe(false);
  const both = await Promise.all([1, 2].map(() => forgetOld(database.db, now + DAY, KEEP_DAYS)));
  expect(both.filter(Boolean)).toHaveLength(1);
});

test('[R8] a result is forgotten only where the command itself is too old to be carried out again', async () => {
  const received = now - RESULT_RETENTION_MS - DAY;
  const cases: [string, { status?: string; at?: number; received_at?: number; answeredBy?: string }][] = [
    ['applied-old', {}],
    ['applied-young', { received_at: now - RESULT_RETENTION_MS + DAY }],
    ['applied-without-at', { at: received }],
    ['applied-future-at', { at: now + DAY }],
    ['held-waiting', { status: 'held' }],
    ['held-answered', { status: 'held', answeredBy: 'x' }],
    ['rejected-without-at', { status: 'rejected', at: received }],
  ];
  await database.db.transaction().execute(async (tx) => {
    for (const [id, { status = 'applied', at = received - 5, received_at = received, answeredBy }] of cases) {
      const doc = JSON.stringify({ id, status, type: 'note', agentId: 'mei', at, receivedAt: received_at, answeredBy });
      await tx
        .insertInto('commands')
        .values({ ...{ id, agent_id: 'mei', type: 'note', content_hash: '' }, received_at, status, doc })
        .execute();
    }
    await appendChanges(
      tx,
      cases.map(([id]) => ({ collection: 'command', id, scopes: ['agent:mei'] })),
      received,
    );
  });
  await forgetOld(database.db, now, KEEP_DAYS, 2);
  const left = ['applied-future-at', 'applied-without-at', 'applied-young', 'held-waiting'];
  expect(await idsOf('commands')).toEqual(left);
  const logged = await database.db.selectFrom('change_log').select('id').orderBy('id').execute();
  expect(logged.map((row) => row.id)).toEqual(left);
});
