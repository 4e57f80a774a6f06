import type { Attachment } from '@tradewind/shared/schemas/message';
import { sql } from 'kysely';
import { isVisibleSql, type Scopes } from '../../auth/scopes.ts';
import type { StoredFile } from '../../files/file-store.ts';
import type { Db } from '../database.ts';

/**
 * An attachment a reader may see: one of a conversation the reader sees, or the reader's own upload that no message has
 * taken yet (R15).
 */
export async function findAttachment(
  db: Db,
  reader: Scopes,
  agentId: string,
  id: string,
): Promise<Pick<Attachment, 'name' | 'contentType' | 'sha256'> | null> {
  const result = await sql<{ name: string; contentType: string; sha256: string | null }>`
    select item.name, item.content_type as "contentType", item.sha256
    from attachments as item
    left join change_log as log on log.collection = 'conversation' and log.id = item.conversation_id and log.scope_left = ''
    where item.id = ${id} and case
      when item.conversation_id is null then item.uploaded_by = ${agentId} or ${reader.includes('all')}
      else ${isVisibleSql(reader)} end`.execute(db);
  return result.rows[0] ?? null;
}

/** Writes down an uploaded file; its content is on disk already. */
export async function saveUpload(
  db: Db,
  upload: StoredFile & { id: string; name: string; contentType: string; uploadedBy: string; at: number },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('files')
      .values({ sha256: upload.sha256, size_bytes: upload.sizeBytes, created_at: upload.at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await tx
      .insertInto('attachments')
      .values({
        id: upload.id,
        sha256: upload.sha256,
        name: upload.name,
        content_type: upload.contentType,
        size_bytes: upload.sizeBytes,
        uploaded_by: upload.uploadedBy,
        created_at: upload.at,
      })
      .execute();
  });
}

/** Which of these files this uploader brought; `visitor:{id}` for the website chat. */
export async function findUploadsOf(db: Db, uploadedBy: string, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('attachments')
    .select('id')
    .where('id', 'in', [...ids])
    .where('uploaded_by', '=', uploadedBy)
    .execute();
  return rows.map((row) => row.id);
}

/** A file whose content is here; who may have it is the caller's question. */
export async function findStoredFile(
  db: Db,
  id: string,
): Promise<{ name: string; contentType: string; sha256: string } | null> {
  const row = await db
    .selectFrom('attachments')
    .select(['name', 'content_type as contentType', 'sha256'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.sha256 ? { ...row, sha256: row.sha256 } : null;
}
