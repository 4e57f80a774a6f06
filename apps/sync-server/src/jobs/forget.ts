import { randomBytes } from 'node:crypto';
import { MAX_COMMAND_AGE_MS } from '@tradewind/shared/protocol/commands';
import { type SqlBool, sql } from 'kysely';
import type { Db, Tx } from '../db/database.ts';
import { RESTORE_MARK } from '../replication/changes-page.ts';

const DAY_MS = 86_400_000;
/** Results of commands answer repeated ids for so long (docs/protocol.md, P58). */
export const RESULT_RETENTION_MS = 180 * DAY_MS;
// Each slice stays far below the time limit of a statement.
const SLICE = 20_000;

/**
 * Forgets what lies before `tombstoneDays`: marks of commits, rows of deleted documents and of those that left a scope, deleted
 * orders; and old results of commands. Once a day, on one node: whoever reads the log from its beginning at that moment starts
 * over.
 *
 * @param slice - rows per statement; tests shorten it.
 * @returns false when it was done less than a day ago.
 */
export async function forgetOld(db: Db, nowMs: number, tombstoneDays: number, slice = SLICE): Promise<boolean> {
  const claimed = await db
    .updateTable('desk')
    .set({ log_folded_at: nowMs })
    .where('log_folded_at', '<=', nowMs - DAY_MS)
    .returning('id')
    .executeTakeFirst();
  if (!claimed) return false;
  const last = await findLastOld(db, nowMs - tombstoneDays * DAY_MS);
  if (last !== null) {
    while (await db.transaction().execute((tx) => foldMarks(tx, last, slice)));
    while ((await forgetTombstones(db, last, slice)) === slice);
  }
  while ((await forgetResults(db, nowMs, slice)) === slice);
  return true;
}

/** The last position before the first commit that is young. The head's commit is never old: a desk may be quiet for longer. */
async function findLastOld(db: Db, before: number): Promise<number | null> {
  const { rows } = await sql<{ last: number | null }>`
    select max(last_seq) as last from commit_marks
    where last_seq < (select min(last_seq) from commit_marks
                      where at >= ${before} or last_seq = (select max(last_seq) from commit_marks))`.execute(db);
  return rows[0]?.last ?? null;
}

/**
 * Makes one of the oldest commits, under a fresh mark: checkpoints that lie in them are of another history from then on (410
 * `resync`), while those given afterwards, to whoever reads from the beginning, are good. So the marks themselves remember
 * that deletions before them are told no more.
 *
 * @returns whether there may be more to fold.
 */
async function foldMarks(tx: Tx, last: number, limit: number): Promise<boolean> {
  const rows = await tx
    .selectFrom('commit_marks')
    .select(['first_seq', 'last_seq', 'mark', 'at'])
    .where('last_seq', '<=', last)
    .orderBy('last_seq')
    .limit(limit)
    .execute();
  // What a restore left out (docs/adr/0013) keeps its own mark; what lies before it is not joined with what lies after.
  const restored = rows.findIndex((row) => row.mark.startsWith(RESTORE_MARK));
  await foldGroup(tx, rows.slice(0, Math.max(restored, 0)));
  const folded = rows.slice(restored + 1);
  await foldGroup(tx, folded);
  return rows.length === limit && folded.length > 1;
}

async function foldGroup(tx: Tx, rows: readonly { first_seq: number; last_seq: number; at: number }[]): Promise<void> {
  const [oldest, newest] = [rows[0], rows.at(-1)];
  if (!oldest || !newest) return;
  const within = sql<SqlBool>`seq >= ${oldest.first_seq} and seq <= ${newest.last_seq}`;
  const gone = await sql`select 1 from change_log where (deleted or removed) and ${within} limit 1`.execute(tx);
  if (rows.length === 1 && gone.rows.length === 0) return; // nothing to fold and nothing to forget
  await tx
    .deleteFrom('commit_marks')
    .where('last_seq', '>=', oldest.last_seq)
    .where('last_seq', '<=', newest.last_seq)
    .execute();
  const mark = randomBytes(9).toString('base64url');
  await tx
    .insertInto('commit_marks')
    .values({ first_seq: oldest.first_seq, last_seq: newest.last_seq, mark, at: newest.at })
    .execute();
}

/** A row that moves meanwhile is left: it is looked at again with its new place. @returns how many are gone now. */
async function forgetTombstones(db: Db, last: number, limit: number): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    with gone as (
      delete from change_log where (deleted or removed) and seq = any(array(
        select seq from change_log where (deleted or removed) and seq <= ${last} order by seq limit ${limit}))
      returning collection, id, deleted
    ), documents as (
      -- That an order was deleted is remembered in order_parts: a late event does not bring it back (R12).
      delete from orders where deleted and id in (select id from gone where collection = 'order' and deleted)
    )
    select count(*) as rows from gone`.execute(db);
  return rows[0]?.rows ?? 0;
}

/**
 * A repeated command whose result is forgotten must not be carried out a second time (R8). Its own `at` sees to that: it is
 * held as too old. So results are kept while `at` is younger, and for good where there was none (it is then the time of
 * receipt); those of rejected commands did nothing; and what is held waits for its author.
 */
async function forgetResults(db: Db, nowMs: number, limit: number): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    with gone as (
      delete from commands where id = any(array(
        select id from commands
        where received_at < ${nowMs - RESULT_RETENTION_MS}
          and (status = 'rejected'
            or ((status = 'applied' or doc->>'answeredBy' is not null)
              and (doc->>'at')::bigint <> received_at and (doc->>'at')::bigint < ${nowMs - MAX_COMMAND_AGE_MS}))
        order by received_at limit ${limit}))
      returning id
    ), log as (
      delete from change_log where collection = 'command' and id in (select id from gone)
    )
    select count(*) as rows from gone`.execute(db);
  return rows[0]?.rows ?? 0;
}
