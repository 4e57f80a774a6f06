import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import { sql } from 'kysely';
import type { Tx } from './database.ts';
import { toJsonText } from './json-text.ts';

export async function saveConversations(tx: Tx, docs: readonly Conversation[], nowMs: number): Promise<void> {
  if (docs.length === 0) return;
  await sql`
    insert into conversations (id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at,
                               snoozed_until, updated_at, doc)
    select id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at, snoozed_until, ${nowMs}, doc
    from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.customerId)}::text[],
      ${docs.map((doc) => doc.channelAccountId)}::text[], ${docs.map((doc) => doc.status)}::text[],
      ${docs.map((doc) => doc.assigneeId)}::text[], ${docs.map((doc) => doc.teamId)}::text[],
      ${docs.map((doc) => doc.lastMessageAt)}::bigint[], ${docs.map((doc) => doc.snoozedUntil)}::bigint[],
      ${docs.map(toJsonText)}::jsonb[])
      as given (id, customer_id, channel_account_id, status, assignee_id, team_id, last_message_at, snoozed_until, doc)
    on conflict (id) do update set customer_id = excluded.customer_id, status = excluded.status,
      assignee_id = excluded.assignee_id, team_id = excluded.team_id, last_message_at = excluded.last_message_at,
      snoozed_until = excluded.snoozed_until, updated_at = excluded.updated_at, doc = excluded.doc`.execute(tx);
}

export async function saveMessages(tx: Tx, docs: readonly Message[]): Promise<void> {
  if (docs.length === 0) return;
  await sql`
    insert into messages (id, conversation_id, channel_account_id, external_id, direction, kind, status, sent_at, doc)
    select * from unnest(${docs.map((doc) => doc.id)}::text[], ${docs.map((doc) => doc.conversationId)}::text[],
      ${docs.map((doc) => doc.channelAccountId)}::text[], ${docs.map((doc) => doc.externalId)}::text[],
      ${docs.map((doc) => doc.direction)}::text[], ${docs.map((doc) => doc.kind)}::text[],
      ${docs.map((doc) => doc.status)}::text[], ${docs.map((doc) => doc.sentAt)}::bigint[], ${docs.map(toJsonText)}::jsonb[])
    on conflict (id) do update set external_id = excluded.external_id, status = excluded.status, doc = excluded.doc`.execute(
    tx,
  );
}

export async function saveReferences(
  tx: Tx,
  channelAccountId: string,
  references: readonly { externalId: string; conversationId: string }[],
): Promise<void> {
  await sql`
    insert into thread_refs (channel_account_id, external_id, conversation_id)
    select ${channelAccountId}, * from unnest(${references.map((one) => one.externalId)}::text[],
      ${references.map((one) => one.conversationId)}::text[])
    on conflict do nothing`.execute(tx);
}

/**
 * Closes the ledger rows of messages whose platform has spoken: a report proves that the message arrived there, so neither
 * an unknown outcome nor a waiting retry may send it again (R11).
 */
export async function settleEffects(tx: Tx, docs: readonly Message[], nowMs: number): Promise<void> {
  const settled = docs.filter(
    (doc) => doc.direction === 'out' && !['queued', 'sending', 'unknown'].includes(doc.status),
  );
  if (settled.length === 0) return;
  await sql`
    update effects set state = 'done', updated_at = ${nowMs}, lease_until = null
    where message_id = any(${settled.map((doc) => doc.id)}) and kind = 'send-message'
      and (state in ('attempting', 'unknown') or (state = 'queued' and attempts > 0))`.execute(tx);
}
