import { type CollectionName, DIGEST_RANGE, type Digest, digestOf } from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import { isVisibleSql } from '../auth/scopes.ts';
import type { Db, Tx } from '../db/database.ts';
import { assertAccess, type Reader, resolveCheckpoint } from './changes-page.ts';

// Ranges per query: enough that a desk takes few, and no more than a moment's work at a time on this thread.
const RANGES_PER_STEP = 8;

type DigestRange = Digest['ranges'][number];

/**
 * What a reader who has pulled to `checkpoint` holds, in ranges of `createdSeq`; commands' results are left out, for
 * consoles forget them by themselves.
 *
 * A range is `moved` when something in it was written, deleted or taken from the reader's sight after the checkpoint.
 *
 * @throws AppError as `readChangesPage` does.
 */
export async function readDigest(
  db: Db,
  deskId: string,
  reader: Reader,
  request: { checkpoint: string; accessVersion: number | null },
  nowMs: number,
): Promise<Digest> {
  await assertAccess(db, reader, request.accessVersion);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const seq = await resolveCheckpoint(tx, deskId, request.checkpoint);
      const ranges = new Map<string, DigestRange>();
      // Positions may lie far apart (a restore leaves a gap): each step begins where the next document is.
      for (let from = await findNext(tx, 0); from !== null; ) {
        const to = (Math.floor(from / DIGEST_RANGE) + RANGES_PER_STEP) * DIGEST_RANGE;
        for (const range of await readRanges(tx, reader, seq, from, to)) ranges.set(keyOf(range), range);
        from = await findNext(tx, to);
      }
      for (const place of await findMovedThreads(tx, reader, seq)) {
        const range = { ...toRange('message', place), count: 0, hash: digestOf([]) };
        ranges.set(keyOf(range), { ...(ranges.get(keyOf(range)) ?? range), moved: true });
      }
      return { ranges: [...ranges.values()], accessVersion: reader.accessVersion, serverTime: nowMs };
    });
}

function keyOf({ collection, from }: Pick<DigestRange, 'collection' | 'from'>): string {
  return `${collection}:${from}`;
}

function toRange(collection: CollectionName, place: number): Pick<DigestRange, 'collection' | 'from' | 'to'> {
  return { collection, from: place * DIGEST_RANGE, to: (place + 1) * DIGEST_RANGE };
}

async function findNext(tx: Tx, from: number): Promise<number | null> {
  const row = await tx
    .selectFrom('change_log')
    .select('created_seq')
    .where('created_seq', '>=', from)
    .orderBy('created_seq')
    .limit(1)
    .executeTakeFirst();
  return row?.created_seq ?? null;
}

async function readRanges(tx: Tx, reader: Reader, seq: number, from: number, to: number): Promise<DigestRange[]> {
  // Rows that stand for a document, not for its end or its leaving a scope.
  const isHeld = sql`not deleted and not removed`;
  const result = await sql<{
    collection: CollectionName;
    place: number;
    ids: string[] | null;
    seqs: number[] | null;
    moved: boolean;
  }>`
    select collection, created_seq / ${sql.lit(DIGEST_RANGE)} as place, bool_or(seq > ${seq}) as moved,
      array_agg(id) filter (where ${isHeld}) as ids, array_agg(seq::float8) filter (where ${isHeld}) as seqs
    from change_log log
    where created_seq >= ${from} and created_seq < ${to} and collection <> 'command' and ${isVisibleSql(reader.scopes)}
    group by 1, 2 order by 2, 1`.execute(tx);
  return result.rows.map(({ collection, place, ids, seqs, moved }) => {
    const held = (ids ?? []).map((id, index) => ({ id, seq: seqs?.[index] ?? 0 }));
    const range = { ...toRange(collection, place), count: held.length, hash: digestOf(held) };
    return { ...range, ...(moved ? { moved: true } : {}) };
  });
}

/**
 * Places of the messages whose conversation changed after the checkpoint: they have its scopes, and when those change no row
 * of a message moves.
 */
async function findMovedThreads(tx: Tx, reader: Reader, seq: number): Promise<number[]> {
  const result = await sql<{ place: number }>`
    with moved as materialized (
      select distinct id from change_log log
      where seq > ${seq} and collection = 'conversation' and ${isVisibleSql(reader.scopes)}
    )
    select distinct log.created_seq / ${sql.lit(DIGEST_RANGE)} as place
    from moved join messages m on m.conversation_id = moved.id
    join change_log log on log.collection = 'message' and log.id = m.id and log.scope_left = ''`.execute(tx);
  return result.rows.map((row) => row.place);
}
