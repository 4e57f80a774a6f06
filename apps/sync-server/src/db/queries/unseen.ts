import type { Message } from '@tradewind/shared/schemas/message';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

/** A reply that is to be checked before it goes on (R10). */
export interface UnseenCheck {
  /** Names the check in the answer. */
  key: string;
  conversationId: string;
  authorId: string;
  /** `createdSeq` of the newest message its author had seen; 0 for none. */
  seenSeq: number;
  /** Customers' messages received before this instant count. */
  customersBefore: number;
  /**
   * `createdSeq` of the reply itself when it is checked as it leaves: colleagues who wrote after they had seen it do not
   * hold it. Null on arrival, when nobody can have seen it.
   */
  ownSeq: number | null;
}

export interface Unseen {
  /** The newest 20, newest first. */
  messageIds: string[];
  count: number;
}

const NAMED = 20;

/**
 * What the authors of replies had not seen, by check: colleagues' replies and notes, and customers' messages. Ask it while
 * the conversations' rows are locked, in a statement after the one that locked them: whoever adds a message holds that lock
 * until his commit. "Newer" is a matter of `createdSeq` alone; bots, the desk's own messages and events hold nothing.
 */
export async function findUnseen(tx: Tx, checks: readonly UnseenCheck[]): Promise<Map<string, Unseen>> {
  if (checks.length === 0) return new Map();
  const { rows } = await sql<{ key: string; count: number; ids: string[] }>`
    select given.key, count(*) as count, (array_agg(news.id order by news.created_seq desc))[1:${sql.lit(NAMED)}] as ids
    from unnest(${checks.map((one) => one.key)}::text[], ${checks.map((one) => one.conversationId)}::text[],
        ${checks.map((one) => one.authorId)}::text[], ${checks.map((one) => one.seenSeq)}::bigint[],
        ${checks.map((one) => one.customersBefore)}::bigint[], ${checks.map((one) => one.ownSeq)}::bigint[])
      as given (key, conversation_id, author_id, seen_seq, customers_before, own_seq)
    cross join lateral (
      select m.id, l.created_seq
      from messages m
      join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = '' and not l.deleted
      left join commands made on made.id = m.id
      where m.conversation_id = given.conversation_id and l.created_seq > given.seen_seq
        and case m.doc->>'authorType'
          when 'agent' then m.doc->>'authorId' is distinct from given.author_id
            and (given.own_seq is null or made.seen_seq is null or made.seen_seq < given.own_seq)
          when 'customer' then (m.doc->>'receivedAt')::bigint < given.customers_before
          else false end
    ) news
    group by given.key`.execute(tx);
  return new Map(rows.map(({ key, count, ids }) => [key, { messageIds: ids, count }]));
}

/**
 * `createdSeq` of the message an author names as the newest he had seen; null when the conversation has no such message.
 *
 * One of his own, named by a reply made before the server had it, was painted from his queue: it tells no more than what he
 * had seen when he wrote that one. The same holds for one that made no message, because it was held or refused.
 *
 * @param reply.at - when the reply was made, by its author's word.
 */
export async function findSeenSeq(
  tx: Tx,
  messageId: string,
  reply: { conversationId: string; agentId: string; at: number },
): Promise<number | null> {
  const { rows } = await sql<{
    conversation_id: string | null;
    created_seq: number | null;
    agent_id: string | null;
    received_at: number | null;
    seen_seq: number | null;
    answer_seen_seq: number | null;
  }>`
    select coalesce(m.conversation_id, made.doc->>'conversationId') as conversation_id, l.created_seq,
      made.agent_id, made.received_at, made.seen_seq, answer.seen_seq as answer_seen_seq
    from (select ${messageId}::text as id) given
    left join messages m on m.id = given.id
    left join change_log l on l.collection = 'message' and l.id = given.id and l.scope_left = ''
    left join commands made on made.id = given.id
    left join commands answer on answer.id = made.doc->>'answeredBy'`.execute(tx);
  const [found] = rows;
  if (!found || (found.conversation_id ?? reply.conversationId) !== reply.conversationId) return null;
  const isOwn = found.agent_id === reply.agentId;
  if (found.created_seq !== null && !(isOwn && reply.at < (found.received_at ?? 0))) return found.created_seq;
  if (!isOwn) return null;
  return Math.max(found.seen_seq ?? found.created_seq ?? 0, found.answer_seen_seq ?? 0);
}

/** What a conversation is without one of our replies: see `takeReplyBack`. */
export async function findWithoutReply(
  tx: Tx,
  reply: { id: string; conversationId: string },
): Promise<{ unansweredSince: number | null; newest: Pick<Message, 'text' | 'subject'> | null }> {
  const { rows } = await sql<{ since: number | null; newest: Pick<Message, 'text' | 'subject'> | null }>`
    with thread as (
      select m.doc, l.created_seq, m.doc->>'authorType' as author_type
      from messages m join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
      where m.conversation_id = ${reply.conversationId} and m.id <> ${reply.id} and m.kind in ('text', 'attachment')
        and m.status not in ('held', 'failed')
    )
    select (select doc from thread order by created_seq desc limit 1) as newest,
      (select min((doc->>'receivedAt')::bigint) from thread where author_type = 'customer' and created_seq >
        coalesce((select max(created_seq) from thread where author_type = 'agent'), 0)) as since`.execute(tx);
  return { unansweredSince: rows[0]?.since ?? null, newest: rows[0]?.newest ?? null };
}

/**
 * What the author of a reply had seen at least, who made it before the desk was restored from a backup and names a message that
 * the restored desk does not know: everything the backup held. Null where there was no such restore.
 */
export async function findRestoredSeq(tx: Tx, at: number): Promise<number | null> {
  const desk = await tx.selectFrom('desk').select(['restored_at', 'restored_head_seq']).executeTakeFirst();
  return desk && desk.restored_at !== null && at <= desk.restored_at ? desk.restored_head_seq : null;
}
