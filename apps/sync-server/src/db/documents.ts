import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Order } from '@tradewind/shared/schemas/order';
import { sql } from 'kysely';
import { toJsonText } from './json-text.ts';
import type { Write } from './writes.ts';

/** Writes of whole documents, new or changed; null when there is nothing to write. */
export function writeCustomers(docs: readonly Customer[], nowMs: number): Write | null {
  if (docs.length === 0) return null;
  const statement = sql`
    insert into customers (id, updated_at, doc)
    select id, ${nowMs}::bigint, doc
    from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map(toJsonText)}::jsonb[]) as given (id, doc)
    on conflict (id) do update set updated_at = excluded.updated_at, doc = excluded.doc`;
  return { name: 'customers_written', statement };
}

export function writeConversations(docs: readonly Conversation[], nowMs: number): Write | null {
  if (docs.length === 0) return null;
  const statement = sql`
    insert into conversations (id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at,
                               snoozed_until, updated_at, doc)
    select id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at, snoozed_until,
           ${nowMs}::bigint, doc
    from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.customerId)}::text[],
      ${docs.map((doc) => doc.channelAccountId)}::text[], ${docs.map((doc) => doc.status)}::text[],
      ${docs.map((doc) => doc.assigneeId)}::text[], ${docs.map((doc) => doc.teamId)}::text[],
      ${docs.map((doc) => doc.lastMessageAt)}::bigint[], ${docs.map((doc) => doc.snoozedUntil)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
      as given (id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at, snoozed_until, doc)
    on conflict (id) do update set customer_id = excluded.customer_id, status = excluded.status,
      assignee_id = excluded.assignee_id, team_id = excluded.team_id, last_message_at = excluded.last_message_at,
      snoozed_until = excluded.snoozed_until, updated_at = excluded.updated_at, doc = excluded.doc`;
  return { name: 'conversations_written', statement };
}

export function writeMessages(docs: readonly Message[]): Write | null {
  if (docs.length === 0) return null;
  const statement = sql`
    insert into messages (id, conversation_id, channel_account_id, external_id, direction, kind, status, sent_at, doc)
    select * from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.conversationId)}::text[],
      ${docs.map((doc) => doc.channelAccountId)}::text[], ${docs.map((doc) => doc.externalId)}::text[],
      ${docs.map((doc) => doc.direction)}::text[], ${docs.map((doc) => doc.kind)}::text[],
      ${docs.map((doc) => doc.status)}::text[], ${docs.map((doc) => doc.sentAt)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
    on conflict (id) do update set external_id = excluded.external_id, status = excluded.status, doc = excluded.doc`;
  return { name: 'messages_written', statement };
}

export function writeOrders(docs: readonly Order[]): Write | null {
  if (docs.length === 0) return null;
  const statement = sql`
    insert into orders (id, store_id, external_id, number, customer_id, external_updated_at, deleted, placed_at, doc)
    select * from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.storeId)}::text[],
      ${docs.map((doc) => doc.externalId)}::text[], ${docs.map((doc) => doc.number)}::text[],
      ${docs.map((doc) => doc.customerId)}::text[], ${docs.map((doc) => doc.externalUpdatedAt)}::bigint[],
      ${docs.map((doc) => doc.deleted)}::boolean[], ${docs.map((doc) => doc.placedAt)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
    on conflict (id) do update set number = excluded.number, customer_id = excluded.customer_id,
      external_updated_at = excluded.external_updated_at, deleted = excluded.deleted, placed_at = excluded.placed_at,
      doc = excluded.doc`;
  return { name: 'orders_written', statement };
}

/** Message-Ids a conversation has or names. */
export function writeReferences(
  channelAccountId: string,
  references: readonly { externalId: string; conversationId: string }[],
): Write | null {
  if (references.length === 0) return null;
  const statement = sql`
    insert into thread_refs (channel_account_id, external_id, conversation_id)
    select ${channelAccountId}, * from unnest(${references.map((one) => one.externalId)}::text[],
      ${references.map((one) => one.conversationId)}::text[])
    on conflict do nothing`;
  return { name: 'references_written', statement };
}

/**
 * Closes the ledger rows of messages whose platform has spoken: a report proves that the message arrived there, so neither
 * an unknown outcome nor a waiting retry may send it again (R11).
 */
export function writeSettledEffects(docs: readonly Message[], nowMs: number): Write | null {
  const settled = docs.filter(
    (doc) => doc.direction === 'out' && !['queued', 'sending', 'unknown'].includes(doc.status),
  );
  if (settled.length === 0) return null;
  // A failure may be that of an earlier attempt: it does not stop the agent's own wish to try again.
  const arrived = settled.filter((doc) => doc.status !== 'failed');
  const statement = sql`
    update effects set state = 'done', updated_at = ${nowMs}, lease_until = null
    where message_id = any(${settled.map((doc) => doc.id)}) and kind = 'send-message'
      and (state in ('attempting', 'unknown')
        or (state = 'queued' and (attempts > 0 or message_id = any(${arrived.map((doc) => doc.id)}))))`;
  return { name: 'effects_settled', statement };
}
