import type { Customer } from '@tradewind/shared/schemas/customer';
import { sql } from 'kysely';
import type { Db, Tx } from '../db/database.ts';
import { toJsonText } from '../db/json-text.ts';
import { appendChanges } from '../replication/change-log.ts';
import { orderByAge, spreadThread, type Thread } from './spread-times.ts';

/**
 * Moves what the sample shop has just written back over the past days. Its mails come in through the real door, which
 * says when they came; without this everything on a new demo desk would have happened in the same ten seconds.
 *
 * @param sinceMs - only conversations that began after this instant, epoch milliseconds: a second start moves nothing.
 */
export async function spreadSample(db: Db, sinceMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const nowMs = Date.now();
    const customers = await lockCustomers(tx, sinceMs);
    const threads = orderByAge(await lockThreads(tx, sinceMs)).map((thread, place) =>
      spreadThread(thread, place, nowMs),
    );
    await saveCustomers(tx, customers, threads);
    await saveThreads(tx, threads);
    const entries = [
      ...customers.map(({ id }) => ({ collection: 'customer' as const, id, scopes: null })),
      ...threads.map(({ conversation }) => ({
        collection: 'conversation' as const,
        id: conversation.id,
        scopes: null,
      })),
      ...threads.flatMap(({ messages }) =>
        messages.map(({ id }) => ({ collection: 'message' as const, id, scopes: null })),
      ),
    ];
    await appendChanges(tx, entries, nowMs);
  });
}

// The same order of locks as the workers that may be writing the last delivery reports meanwhile.
async function lockCustomers(tx: Tx, sinceMs: number): Promise<Customer[]> {
  const rows = await sql<{ doc: Customer }>`
    select doc from customers where (doc ->> 'createdAt')::bigint >= ${sinceMs} order by id for update`.execute(tx);
  return rows.rows.map(({ doc }) => doc);
}

async function lockThreads(tx: Tx, sinceMs: number): Promise<Thread[]> {
  const conversations = await sql<{ doc: Thread['conversation'] }>`
    select doc from conversations where (doc ->> 'createdAt')::bigint >= ${sinceMs} order by id for update`.execute(tx);
  const ids = conversations.rows.map(({ doc }) => doc.id);
  const messages = await sql<{ doc: Thread['messages'][number]; createdSeq: number }>`
    select m.doc, l.created_seq as "createdSeq"
    from messages m join change_log l on l.collection = 'message' and l.id = m.id and l.scope_left = ''
    where m.conversation_id = any(${ids}::text[]) order by m.id for update of m`.execute(tx);
  const inOrder = messages.rows.toSorted(
    (left, right) => left.doc.sentAt - right.doc.sentAt || left.createdSeq - right.createdSeq,
  );
  const byThread = Map.groupBy(inOrder, ({ doc }) => doc.conversationId);
  return conversations.rows.map(({ doc }) => ({
    conversation: doc,
    messages: (byThread.get(doc.id) ?? []).map((row) => row.doc),
  }));
}

/** Who wrote or bought before his record was made is a customer since then. */
async function saveCustomers(tx: Tx, customers: readonly Customer[], threads: readonly Thread[]): Promise<void> {
  const ids = customers.map(({ id }) => id);
  const since = customers.map((customer) =>
    threads.reduce(
      (first, { conversation }) =>
        conversation.customerId === customer.id ? Math.min(first, conversation.createdAt) : first,
      customer.createdAt,
    ),
  );
  await sql`
    update customers c set doc = jsonb_set(c.doc, '{createdAt}', to_jsonb(least(given.since,
      (select min(o.placed_at) from orders o where o.customer_id = c.id))))
    from unnest(${ids}::text[], ${since}::bigint[]) as given (id, since) where c.id = given.id`.execute(tx);
}

async function saveThreads(tx: Tx, threads: readonly Thread[]): Promise<void> {
  const conversations = threads.map(({ conversation }) => conversation);
  await sql`
    update conversations v set doc = given.doc::jsonb, last_message_at = given.at
    from unnest(${conversations.map(({ id }) => id)}::text[], ${conversations.map(toJsonText)}::text[],
      ${conversations.map(({ lastMessageAt }) => lastMessageAt)}::bigint[]) as given (id, doc, at)
    where v.id = given.id`.execute(tx);
  const messages = threads.flatMap((thread) => thread.messages);
  await sql`
    update messages m set doc = given.doc::jsonb, sent_at = given.at
    from unnest(${messages.map(({ id }) => id)}::text[], ${messages.map(toJsonText)}::text[],
      ${messages.map(({ sentAt }) => sentAt)}::bigint[]) as given (id, doc, at)
    where m.id = given.id`.execute(tx);
}
