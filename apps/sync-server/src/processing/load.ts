import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Fulfilment, Order, Refund } from '@tradewind/shared/schemas/order';
import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { PREPARED } from '../db/prepared.ts';
import type { IdentityKey } from './wanted.ts';

export type OrderPart =
  | { kind: 'refund'; updatedAt: number; doc: Refund }
  | { kind: 'fulfilment'; updatedAt: number; doc: Fulfilment }
  | { kind: 'deletion'; updatedAt: number; doc: { externalId: string } };

// Rows are locked in a fixed order (customers, conversations, messages, orders; by id within each), the order commands use
// too, so that batches and commands wait for each other instead of deadlocking.

/** Which of these platform events were carried out before (R2). */
export async function loadKeys(tx: Tx, accountId: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await sql<{ key: string }>`
    ${sql.raw(PREPARED)} select key from processed_keys where account_id = ${accountId} and key = any(${[...keys]}::text[])`.execute(
    tx,
  );
  return rows.rows.map((row) => row.key);
}

/** The customers who have these identities. */
export async function loadCustomers(
  tx: Tx,
  keys: readonly IdentityKey[],
): Promise<{ key: IdentityKey; doc: Customer }[]> {
  if (keys.length === 0) return [];
  const rows = await sql<IdentityKey & { doc: Customer }>`
    ${sql.raw(PREPARED)} select i.kind, i.scope, i.value, c.doc
    from unnest(${keys.map((key) => key.kind)}::text[], ${keys.map((key) => key.scope)}::text[],
                ${keys.map((key) => key.value)}::text[]) as given (kind, scope, value)
    join identities i using (kind, scope, value)
    join customers c on c.id = i.customer_id
    order by c.id for update of c`.execute(tx);
  return rows.rows.map(({ kind, scope, value, doc }) => ({ key: { kind, scope, value }, doc }));
}

/** The conversations that have or name these Message-Ids. A disabled agent has none: nobody would see one come back to him. */
export async function loadThreads(
  tx: Tx,
  accountId: string,
  ids: readonly string[],
): Promise<{ externalId: string; doc: Conversation }[]> {
  if (ids.length === 0) return [];
  const rows = await sql<{ externalId: string; doc: Conversation }>`
    ${sql.raw(PREPARED)} select r.external_id as "externalId",
      case when a.disabled then v.doc || '{"assigneeId": null}' else v.doc end as doc
    from thread_refs r join conversations v on v.id = r.conversation_id left join agents a on a.id = v.assignee_id
    where r.channel_account_id = ${accountId} and r.external_id = any(${[...ids]}::text[])
    order by v.id for update of v`.execute(tx);
  return rows.rows;
}

export async function loadMessages(tx: Tx, accountId: string, externalIds: readonly string[]): Promise<Message[]> {
  if (externalIds.length === 0) return [];
  const rows = await sql<{ doc: Message }>`
    ${sql.raw(PREPARED)} select doc from messages where channel_account_id = ${accountId} and external_id = any(${[...externalIds]}::text[])
    order by id for update`.execute(tx);
  return rows.rows.map((row) => row.doc);
}

export async function loadOrders(tx: Tx, storeId: string, externalIds: readonly string[]): Promise<Order[]> {
  if (externalIds.length === 0) return [];
  const rows = await sql<{ doc: Order }>`
    ${sql.raw(PREPARED)} select doc from orders where store_id = ${storeId} and external_id = any(${[...externalIds]}::text[])
    order by id for update`.execute(tx);
  return rows.rows.map((row) => row.doc);
}

/** What was told of these orders apart from their own bodies. */
export async function loadOrderParts(
  tx: Tx,
  storeId: string,
  orderExternalIds: readonly string[],
): Promise<{ orderExternalId: string; part: OrderPart }[]> {
  if (orderExternalIds.length === 0) return [];
  const rows = await sql<OrderPart & { orderExternalId: string }>`
    ${sql.raw(PREPARED)} select order_external_id as "orderExternalId", kind, updated_at as "updatedAt", doc from order_parts
    where store_id = ${storeId} and order_external_id = any(${[...orderExternalIds]}::text[])`.execute(tx);
  return rows.rows.map(({ orderExternalId, ...part }) => ({ orderExternalId, part: part as OrderPart }));
}

export interface Upload {
  id: string;
  sha256: string;
  name: string;
  contentType: string;
  sizeBytes: number;
  uploadedBy: string;
}

/** Files that were uploaded before the message they belong to. */
export async function loadUploads(tx: Tx, ids: readonly string[]): Promise<Upload[]> {
  if (ids.length === 0) return [];
  const rows = await sql<Upload>`
    select id, sha256, name, content_type as "contentType", size_bytes as "sizeBytes", uploaded_by as "uploadedBy"
    from attachments where id = any(${[...ids]}::text[]) and sha256 is not null and uploaded_by is not null`.execute(
    tx,
  );
  return rows.rows;
}
