import { sql } from 'kysely';
import { toJsonText } from '../db/json-text.ts';
import type { Write } from '../db/writes.ts';
import type { OrderPart } from './load.ts';
import type { IdentityKey } from './wanted.ts';

export interface NewAttachment {
  id: string;
  sha256: string | null;
  name: string;
  contentType: string;
  sizeBytes: number;
  conversationId: string;
  messageId: string;
  /** Where the platform keeps the file, when it did not come with the message. */
  sourceUrl: string | null;
}

export function writeIdentities(identities: readonly { key: IdentityKey; customerId: string }[]): Write | null {
  if (identities.length === 0) return null;
  // No "on conflict": another batch that found the same new person first makes this one start over and see them.
  const statement = sql`
    insert into identities (kind, scope, value, customer_id)
    select * from unnest(${identities.map((one) => one.key.kind)}::text[],
      ${identities.map((one) => one.key.scope)}::text[], ${identities.map((one) => one.key.value)}::text[],
      ${identities.map((one) => one.customerId)}::text[])`;
  return { name: 'identities_written', statement };
}

/** Identities that turn out to be another customer's: a visitor who has signed in. */
export function writeMovedIdentities(identities: readonly { key: IdentityKey; customerId: string }[]): Write | null {
  if (identities.length === 0) return null;
  const statement = sql`
    update identities as known set customer_id = given.customer_id
    from unnest(${identities.map((one) => one.key.kind)}::text[], ${identities.map((one) => one.key.scope)}::text[],
      ${identities.map((one) => one.key.value)}::text[], ${identities.map((one) => one.customerId)}::text[])
      as given (kind, scope, value, customer_id)
    where known.kind = given.kind and known.scope = given.scope and known.value = given.value`;
  return { name: 'identities_moved', statement };
}

/** Uploads become the conversation's with the message that names them, so that whoever sees it can open them (R15). */
export function writeClaimedUploads(uploads: ReadonlyMap<string, string>): Write | null {
  if (uploads.size === 0) return null;
  const statement = sql`
    update attachments set conversation_id = given.conversation_id
    from unnest(${[...uploads.keys()]}::text[], ${[...uploads.values()]}::text[]) as given (id, conversation_id)
    where attachments.id = given.id and attachments.conversation_id is null`;
  return { name: 'uploads_claimed', statement };
}

/** Rows of stored files and attachments, and for those still with the platform the effects that will fetch them. */
export function writeAttachments(
  accountId: string,
  attachments: readonly NewAttachment[],
  nowMs: number,
): (Write | null)[] {
  if (attachments.length === 0) return [];
  const stored = [...new Map(attachments.map((one) => [one.sha256, one])).values()].filter(
    (one) => one.sha256 !== null,
  );
  const remote = attachments.filter((one) => one.sourceUrl !== null);
  const files: Write = {
    name: 'files_written',
    statement: sql`
      insert into files (sha256, size_bytes, created_at)
      select sha256, size_bytes, ${nowMs}::bigint from unnest(${stored.map((one) => one.sha256)}::text[],
        ${stored.map((one) => one.sizeBytes)}::bigint[]) as given (sha256, size_bytes)
      on conflict do nothing`,
  };
  const rows: Write = {
    name: 'attachments_written',
    statement: sql`
      insert into attachments (id, sha256, name, content_type, size_bytes, conversation_id, source_url, created_at)
      select id, sha256, name, content_type, size_bytes, conversation_id, source_url, ${nowMs}::bigint
      from unnest(${attachments.map((one) => one.id)}::text[], ${attachments.map((one) => one.sha256)}::text[],
        ${attachments.map((one) => one.name)}::text[], ${attachments.map((one) => one.contentType)}::text[],
        ${attachments.map((one) => one.sizeBytes)}::bigint[], ${attachments.map((one) => one.conversationId)}::text[],
        ${attachments.map((one) => one.sourceUrl)}::text[])
        as given (id, sha256, name, content_type, size_bytes, conversation_id, source_url)`,
  };
  const effects: Write = {
    name: 'fetches_queued',
    statement: sql`
      insert into effects (key, kind, account_id, message_id, conversation_id, state, next_at, external_id, created_at, updated_at)
      select 'fetch:' || id, 'fetch-attachment', ${accountId}, message_id, conversation_id, 'queued', ${nowMs}::bigint, id,
             ${nowMs}::bigint, ${nowMs}::bigint
      from unnest(${remote.map((one) => one.id)}::text[], ${remote.map((one) => one.messageId)}::text[],
        ${remote.map((one) => one.conversationId)}::text[]) as given (id, message_id, conversation_id)`,
  };
  return [stored.length > 0 ? files : null, rows, remote.length > 0 ? effects : null];
}

export function writeOrderParts(
  storeId: string,
  parts: readonly { orderExternalId: string; part: OrderPart }[],
): Write | null {
  if (parts.length === 0) return null;
  const statement = sql`
    insert into order_parts (store_id, order_external_id, kind, external_id, updated_at, doc)
    select ${storeId}, * from unnest(${parts.map((one) => one.orderExternalId)}::text[],
      ${parts.map((one) => one.part.kind)}::text[], ${parts.map((one) => one.part.doc.externalId)}::text[],
      ${parts.map((one) => one.part.updatedAt)}::bigint[], ${parts.map((one) => toJsonText(one.part.doc))}::jsonb[])
    on conflict (store_id, order_external_id, kind, external_id) do update
      set updated_at = excluded.updated_at, doc = excluded.doc`;
  return { name: 'parts_written', statement };
}

export function writeKeys(accountId: string, keys: ReadonlyMap<string, number>): Write | null {
  if (keys.size === 0) return null;
  const statement = sql`
    insert into processed_keys (account_id, key, event_id)
    select ${accountId}, * from unnest(${[...keys.keys()]}::text[], ${[...keys.values()]}::bigint[])`;
  return { name: 'keys_written', statement };
}
