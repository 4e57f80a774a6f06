import { AppError } from '@tradewind/shared/protocol/errors';
import {
  type Change,
  type ChangesPage,
  decodeCheckpoint,
  encodeCheckpoint,
  MAX_CHANGES_PER_PAGE,
} from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import { isVisible, type Scopes, visibleScopes } from '../auth/scopes.ts';
import type { Db, Tx } from '../db/database.ts';
import { PREPARED } from '../db/prepared.ts';
import { findAccessChange } from './access-change.ts';
import { documentBody, MAX_STORED_BYTES } from './document-body.ts';

export interface PageRequest {
  /** As the client holds it; null = from the beginning. */
  checkpoint: string | null;
  /** What the client believes its access to be; null when it does not say. */
  accessVersion: number | null;
  limit: number;
}

export interface Reader {
  agentId: string;
  scopes: Scopes;
  accessVersion: number;
}

/** A row of the log with its document as JSON text: bodies are spliced into answers, never parsed here. */
export interface LogRow {
  seq: number;
  createdSeq: number;
  collection: string;
  id: string;
  scopes: readonly string[];
  /** Of a `removed` row: who sees the document now. */
  scopesNow: readonly string[] | null;
  /** Of a conversation: the `seq` at which it got a scope, for those it did not always have. */
  gained: Readonly<Record<string, number>> | null;
  gone: 'deleted' | 'removed' | null;
  docText: string | null;
}

/**
 * The documents written after a checkpoint, in `seq` order, tombstones included, as the JSON text of a ChangesPage.
 *
 * Log rows and bodies are read in one REPEATABLE READ snapshot; `seq` is assigned under the change-log lock, so no slow
 * transaction can land behind a checkpoint already handed out (R5).
 *
 * @throws AppError `bad-input` for what is not a checkpoint, `resync` when the checkpoint belongs to another history (a
 *   restored backup), `access-changed` when the reader's access is not what the client believes.
 */
export async function readChangesPage(
  db: Db,
  deskId: string,
  reader: Reader,
  request: PageRequest,
  nowMs: number,
): Promise<string> {
  await assertAccess(db, reader, request.accessVersion);
  const limit = Math.min(request.limit, MAX_CHANGES_PER_PAGE);
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      const from = await resolveCheckpoint(tx, deskId, request.checkpoint);
      const { rows, full } = await readLog(tx, from, limit, reader.scopes);
      // A short page has read everything up to the head, also what this reader may not see.
      const last = full ? (rows.at(-1)?.seq ?? from) : Math.max(from, await readHead(tx));
      const checkpoint = await createCheckpoint(tx, deskId, last);
      const shell: Omit<ChangesPage, 'changes'> = {
        checkpoint,
        upToDate: !full,
        accessVersion: reader.accessVersion,
        serverTime: nowMs,
      };
      return `{"changes":[${rows.map((row) => toChangeText(row, reader.scopes)).join(',')}],${JSON.stringify(shell).slice(1)}`;
    });
}

/** @throws AppError `access-changed` when the reader's access is not what the client believes it to be. */
export async function assertAccess(db: Db, reader: Reader, believed: number | null): Promise<void> {
  if (believed === null || believed === reader.accessVersion) return;
  throw new AppError('access-changed', 'What you may see has changed.', {
    data: { ...(await findAccessChange(db, reader, believed)) },
  });
}

/** The `seq` of a checkpoint that belongs to this desk's history. */
export async function resolveCheckpoint(tx: Tx | Db, deskId: string, text: string | null): Promise<number> {
  if (text === null || text === '') return 0;
  const checkpoint = decodeCheckpoint(text);
  if (!checkpoint) {
    throw new AppError('bad-input', 'The checkpoint cannot be read.', {
      errors: [
        {
          path: 'checkpoint',
          message: 'give back the checkpoint of the last page unchanged, or leave it out to start over',
        },
      ],
    });
  }
  const known =
    checkpoint.deskId === deskId && (checkpoint.seq === 0 || (await readMark(tx, checkpoint.seq)) === checkpoint.mark);
  if (!known) {
    throw new AppError('resync', 'This checkpoint belongs to another history of the desk: start over.', {
      data: checkpoint.deskId === deskId ? await describeRestore(tx) : {},
    });
  }
  return checkpoint.seq;
}

/** Where the newest restore went back to, if there was one: what was done since may be told again (docs/protocol.md, P59). */
async function describeRestore(tx: Tx | Db): Promise<Record<string, number>> {
  const desk = await tx.selectFrom('desk').select(['restored_head_at', 'restored_head_seq']).executeTakeFirst();
  if (!desk || desk.restored_head_at === null || desk.restored_head_seq === null) return {};
  return { restoredAt: desk.restored_head_at, restoredSeq: desk.restored_head_seq };
}

export async function createCheckpoint(tx: Tx | Db, deskId: string, seq: number): Promise<string> {
  return encodeCheckpoint({ deskId, seq, mark: seq === 0 ? '' : ((await readMark(tx, seq)) ?? '') });
}

export async function readHead(tx: Tx | Db): Promise<number> {
  const row = await tx
    .selectFrom('commit_marks')
    .select((eb) => eb.fn.max('last_seq').as('head'))
    .executeTakeFirst();
  return row?.head ?? 0;
}

/** Begins the mark of the positions that a restore left out, which only the history it replaced may have used. */
export const RESTORE_MARK = 'restored.';

/**
 * Where this history stood when it was restored, if `seq` is a position of the one it replaced (docs/adr/0013); null for every
 * other position.
 */
export async function findRestorePoint(db: Db, seq: number): Promise<number | null> {
  const row = await db
    .selectFrom('commit_marks')
    .select('first_seq')
    .where('first_seq', '<=', seq)
    .where('last_seq', '>=', seq)
    .where('mark', 'like', `${RESTORE_MARK}%`)
    .executeTakeFirst();
  return row ? row.first_seq - 1 : null;
}

async function readMark(tx: Tx | Db, seq: number): Promise<string | null> {
  const row = await tx
    .selectFrom('commit_marks')
    .select(['mark', 'first_seq'])
    .where('last_seq', '>=', seq)
    .orderBy('last_seq')
    .limit(1)
    .executeTakeFirst();
  return row && row.first_seq <= seq ? row.mark : null;
}

/**
 * Rows after `fromSeq` that the scopes may read (null: all rows), oldest first, with bodies: as many as `limit` and `MAX_STORED_BYTES` let
 * pass. Each body is one look-up by its key: the cost of a page grows with the page, not with the desk.
 *
 * @returns the rows, and whether there may be more after them.
 */
export async function readLog(
  tx: Tx | Db,
  fromSeq: number,
  limit: number,
  scopes: Scopes | null,
): Promise<{ rows: LogRow[]; full: boolean }> {
  const visible = scopes === null ? sql`true` : isRowVisible(scopes);
  const result = await sql<{
    seq: number;
    created_seq: number;
    collection: string;
    id: string;
    scopes: string[];
    scopes_now: string[] | null;
    gained: Record<string, number> | null;
    deleted: boolean;
    removed: boolean;
    doc: string | null;
    found: number;
  }>`
    ${sql.raw(PREPARED)} with page as materialized (
      select * from change_log log where seq > ${fromSeq} and ${visible} order by seq limit ${limit}
    ), bodies as (
      select page.*, case when page.removed then null else ${documentBody} end as body,
        case when page.removed then (select scopes from change_log now
          where now.collection = page.collection and now.id = page.id and now.scope_left = '') end as scopes_now
      from page
    ), measured as (
      select *, sum(pg_column_size(body)) over (order by seq rows between unbounded preceding and 1 preceding) as bytes_before
      from bodies
    )
    select seq, created_seq, collection, id, scopes, scopes_now, gained, deleted, removed, (select count(*) from page) as found,
      (body || jsonb_build_object('createdSeq', created_seq))::text as doc
    from measured where coalesce(bytes_before, 0) < ${MAX_STORED_BYTES} order by seq`.execute(tx);
  const found = result.rows[0]?.found ?? 0;
  const rows = result.rows.map((row) => ({
    seq: row.seq,
    createdSeq: row.created_seq,
    collection: row.collection,
    id: row.id,
    scopes: row.scopes,
    scopesNow: row.scopes_now,
    gained: row.gained,
    gone: row.removed ? ('removed' as const) : row.deleted || row.doc === null ? ('deleted' as const) : null,
    docText: row.doc,
  }));
  return { rows, full: found === limit || rows.length < found };
}

/** What a document left is told to those who were its readers there and are not any more. */
function isRowVisible(reader: Scopes) {
  return sql`log.scopes && ${[...reader]}::text[] and not (log.removed and exists (
    select 1 from change_log now where now.collection = log.collection and now.id = log.id and now.scope_left = ''
      and now.scopes && ${[...reader]}::text[]))`;
}

/** The same for a row that was read. */
export function isRowFor(row: LogRow, reader: Scopes): boolean {
  return isVisible(row.scopes, reader) && !(row.gone === 'removed' && isVisible(row.scopesNow ?? [], reader));
}

/** One entry of a page or frame as JSON text. A deleted order's row says so and carries no body. */
export function toChangeText(row: LogRow, reader: Scopes): string {
  const head = `{"seq":${row.seq},"createdSeq":${row.createdSeq},"collection":"${row.collection}","id":${JSON.stringify(row.id)}`;
  if (row.gone) return `${head},"${row.gone}":true}`;
  const sight = JSON.stringify(toSight(row, reader)).slice(1, -1);
  return `${head}${sight && `,${sight}`},"doc":${row.docText}}`;
}

/** What a row says of this reader's sight of it: by which scopes, and since when if not always. */
export function toSight(row: LogRow, reader: Scopes): Pick<Change, 'scopes' | 'since'> {
  const scopes = toReaderScopes(row, reader);
  if (!scopes) return {};
  const since = row.gained && Math.min(...scopes.map((scope) => row.gained?.[scope] ?? 0));
  return { scopes: [...scopes], ...(since ? { since } : {}) };
}

/** What a row says of its scopes: messages are seen with their conversation, whose scopes may move without them. */
export function toReaderScopes({ collection, scopes }: Pick<LogRow, 'collection' | 'scopes'>, reader: Scopes) {
  return collection === 'message' ? null : visibleScopes(scopes, reader);
}
