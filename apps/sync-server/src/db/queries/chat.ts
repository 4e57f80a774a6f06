import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Customer } from '@tradewind/shared/schemas/customer';
import type { Message } from '@tradewind/shared/schemas/message';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Db } from '../database.ts';
import { visitorReference } from '../visitor-reference.ts';

/** A visitor of a chat, as `thread_refs` knows his conversations. */
export interface VisitorRef {
  accountId: string;
  visitorId: string;
}

export interface ChatMessageRow {
  doc: Message;
  seq: number;
  createdSeq: number;
  agentName: string | null;
}

// What a visitor may read: what he wrote and what has been sent to him. Never notes, nor what still waits, failed or is on
// its way: only a message that was sent cannot be taken back.
const isShown = sql<SqlBool>`m.kind in ('text', 'attachment') and not coalesce((m.doc->>'deleted')::boolean, false)
  and (m.direction = 'in' or m.status in ('sent', 'delivered', 'read', 'recalled'))`;

function selectOwn({ accountId, visitorId }: VisitorRef, condition: RawBuilder<SqlBool>, rest: RawBuilder<unknown>) {
  return sql<ChatMessageRow>`
    select m.doc, l.seq, l.created_seq as "createdSeq", a.name as "agentName"
    from thread_refs r
    join messages m on m.channel_account_id = r.channel_account_id and m.conversation_id = r.conversation_id
    join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
    left join agents a on m.doc->>'authorType' = 'agent' and a.id = m.doc->>'authorId'
    where r.channel_account_id = ${accountId} and r.external_id = ${visitorReference(visitorId)} and ${isShown} and ${condition}
    ${rest}`;
}

/** Messages of a visitor's own conversations that changed after `seq`, in that order. */
export async function readChatChanges(
  db: Db,
  visitor: VisitorRef,
  seq: number,
  limit: number,
): Promise<ChatMessageRow[]> {
  return (await selectOwn(visitor, sql`l.seq > ${seq}`, sql`order by l.seq limit ${limit}`).execute(db)).rows;
}

/** The newest messages of a visitor, or those before one of his; newest first. */
export async function readChatPage(
  db: Db,
  visitor: VisitorRef,
  before: { sentAt: number; createdSeq: number } | null,
  limit: number,
): Promise<ChatMessageRow[]> {
  const condition = before
    ? sql<SqlBool>`(m.sent_at, l.created_seq) < (${before.sentAt}::bigint, ${before.createdSeq}::bigint)`
    : sql<SqlBool>`true`;
  return (
    await selectOwn(visitor, condition, sql`order by m.sent_at desc, l.created_seq desc limit ${limit}`).execute(db)
  ).rows;
}

/** A message by the id the visitor knows it by; null unless it is shown to him. */
export async function findChatMessage(db: Db, visitor: VisitorRef, id: string): Promise<ChatMessageRow | null> {
  const own = `${visitor.visitorId}/${id}`;
  const found = await selectOwn(
    visitor,
    sql`((m.direction = 'out' and m.id = ${id}) or (m.direction = 'in' and m.external_id = ${own}))`,
    sql`limit 1`,
  ).execute(db);
  return found.rows[0] ?? null;
}

/** Of these messages, the ones agents sent to this visitor and that have not been reported as `read` (or `delivered`) yet. */
export async function findUnreported(
  db: Db,
  visitor: VisitorRef,
  ids: readonly string[],
  outcome: 'delivered' | 'read',
): Promise<string[]> {
  if (ids.length === 0) return [];
  const open = outcome === 'read' ? ['sent', 'delivered'] : ['sent'];
  const found = await selectOwn(
    visitor,
    sql`m.direction = 'out' and m.id = any(${[...ids]}::text[]) and m.status = any(${open}::text[])`,
    sql`limit ${ids.length}`,
  ).execute(db);
  return found.rows.map((row) => row.doc.id);
}

export interface ChatConversationRow extends VisitorRef {
  doc: Conversation;
  /** `createdSeq` of the newest message of the visitor that an agent has seen; 0 for none. */
  seenSeq: number;
}

/**
 * The conversation each of these visitors is in: the unresolved one, else the last. Whoever answers has seen what came
 * before the answer.
 */
export async function readChatConversations(db: Db, visitors: readonly VisitorRef[]): Promise<ChatConversationRow[]> {
  if (visitors.length === 0) return [];
  const { rows } = await sql<ChatConversationRow>`
    select given.account_id as "accountId", given.visitor_id as "visitorId", current.doc,
           greatest(coalesce(seen.created_seq, 0), coalesce(answered.created_seq, 0)) as "seenSeq"
    from unnest(${visitors.map((one) => one.accountId)}::text[], ${visitors.map((one) => one.visitorId)}::text[])
      as given (account_id, visitor_id)
    cross join lateral (
      select c.id, c.doc from thread_refs r join conversations c on c.id = r.conversation_id
      where r.channel_account_id = given.account_id and r.external_id = 'visitor:' || given.visitor_id
      order by (c.status <> 'resolved') desc, c.last_message_at desc, c.id desc limit 1
    ) current
    left join chat_seen seen on seen.conversation_id = current.id
    left join lateral (
      select max(asked.created_seq) as created_seq
      from messages question join change_log asked on asked.collection = 'message' and asked.id = question.id
      where question.conversation_id = current.id and question.direction = 'in' and asked.created_seq < (
        select max(replied.created_seq)
        from messages answer join change_log replied on replied.collection = 'message' and replied.id = answer.id
        where answer.conversation_id = current.id and answer.direction = 'out' and answer.kind <> 'note'
          and answer.status in ('sent', 'delivered', 'read') and answer.doc->>'authorType' = 'agent')
    ) answered on true`.execute(db);
  return rows;
}

/** A conversation of this visitor, by its id. */
export async function findOwnConversation(db: Db, visitor: VisitorRef, id: string): Promise<Conversation | null> {
  const row = await db
    .selectFrom('thread_refs as r')
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .select('c.doc')
    .where('r.channel_account_id', '=', visitor.accountId)
    .where('r.external_id', '=', visitorReference(visitor.visitorId))
    .where('c.id', '=', id)
    .executeTakeFirst();
  return row?.doc ?? null;
}

export interface ChatLogRow extends VisitorRef {
  seq: number;
  createdSeq: number;
  /** Null when it is the conversation itself that changed. */
  message: Message | null;
  agentName: string | null;
}

/** What changed in chats of these accounts after `fromSeq` up to `toSeq`, oldest first; messages only where they are shown. */
export async function readChatLog(
  db: Db,
  accountIds: readonly string[],
  fromSeq: number,
  toSeq: number,
  limit: number,
): Promise<ChatLogRow[]> {
  const { rows } = await sql<ChatLogRow>`
    select l.seq, l.created_seq as "createdSeq", c.channel_account_id as "accountId",
           c.doc->'participants'->>0 as "visitorId", m.doc as message, a.name as "agentName"
    from change_log l
    left join messages m on l.collection = 'message' and m.id = l.id
    join conversations c on c.id = coalesce(m.conversation_id, case l.collection when 'conversation' then l.id end)
    left join agents a on m.doc->>'authorType' = 'agent' and a.id = m.doc->>'authorId'
    where l.seq > ${fromSeq} and l.seq <= ${toSeq} and l.collection in ('message', 'conversation')
      and c.channel_account_id = any(${[...accountIds]}::text[]) and (m.id is null or (${isShown}))
    order by l.seq limit ${limit}`.execute(db);
  return rows;
}

/** How far agents have read in these conversations. */
export async function readSeen(db: Db, conversationIds: readonly string[]): Promise<Map<string, number>> {
  if (conversationIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; seq: number }>`
    select conversation_id as id, created_seq as seq from chat_seen
    where conversation_id = any(${[...conversationIds]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row.seq]));
}

/** Writes down that an agent has had a visitor's message on screen; what was seen before stays seen. */
export async function saveSeen(db: Db, conversationId: string, messageId: string, atMs: number): Promise<void> {
  await sql`
    insert into chat_seen (conversation_id, created_seq, at)
    select m.conversation_id, l.created_seq, ${atMs}::bigint
    from messages m join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
    where m.id = ${messageId} and m.conversation_id = ${conversationId} and m.direction = 'in'
    on conflict (conversation_id) do update set created_seq = excluded.created_seq, at = excluded.at
      where chat_seen.created_seq < excluded.created_seq`.execute(db);
}

/** A conversation of a chat with its readers, for what agents tell its visitor. */
export async function findChat(db: Db, conversationId: string): Promise<(VisitorRef & { scopes: string[] }) | null> {
  const { rows } = await sql<VisitorRef & { scopes: string[] }>`
    select c.channel_account_id as "accountId", c.doc->'participants'->>0 as "visitorId", l.scopes
    from conversations c
    join change_log l on l.collection = 'conversation' and l.id = c.id and l.scope_left = ''
    join thread_refs r on r.channel_account_id = c.channel_account_id and r.conversation_id = c.id
      and r.external_id = 'visitor:' || (c.doc->'participants'->>0)
    where c.id = ${conversationId}`.execute(db);
  return rows[0] ?? null;
}

/** The readers of conversations; what is not there is not among them. */
export async function findReaders(db: Db, conversationIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('change_log')
    .select(['id', 'scopes'])
    .where('collection', '=', 'conversation')
    .where('scope_left', '=', '')
    .where('deleted', '=', false)
    .where('id', 'in', [...conversationIds])
    .execute();
  return new Map(rows.map(({ id, scopes }) => [id, scopes]));
}

/** The customer a visitor is; null before he has said anything. */
export async function findVisitorCustomer(db: Db, visitor: VisitorRef): Promise<Customer | null> {
  const row = await db
    .selectFrom('identities as i')
    .innerJoin('customers as c', 'c.id', 'i.customer_id')
    .select('c.doc')
    .where('i.kind', '=', 'external')
    .where('i.scope', '=', visitor.accountId)
    .where('i.value', '=', visitor.visitorId)
    .executeTakeFirst();
  return row?.doc ?? null;
}
