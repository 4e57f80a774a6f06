import type { Message, MessageFailure } from '@tradewind/shared/schemas/message';
import { sql } from 'kysely';
import type { SendResult } from '../connector.ts';
import type { Db, Tx } from '../db/database.ts';
import { writeMessages } from '../db/documents.ts';
import { toJsonText } from '../db/json-text.ts';
import { runWrites } from '../db/writes.ts';
import { backoffMs, MAX_SEND_ATTEMPTS } from '../domain/backoff.ts';
import { appendChanges, type ChangeEntry, headOf } from '../replication/change-log.ts';
import { holdUnseen } from './hold-unseen.ts';

export interface ClaimedEffect {
  key: string;
  kind: 'send-message' | 'fetch-attachment';
  account_id: string;
  message_id: string;
  external_id: string | null;
  attempts: number;
}

/**
 * Takes due effects and commits them as `attempting` before any request leaves (R11); their messages show `sending`.
 * Within a conversation the oldest goes first, and the next only when it is settled, so that three replies written
 * offline arrive as they were written. Conversations and messages are locked together with their effects, and those that
 * others hold are left for the next look: nobody is waited for while effects are held. A reply whose author had not seen
 * what is new does not leave: its message shows `held` (R10).
 *
 * @param leaseMs - how long an attempt may take before its outcome counts as unknown.
 * @returns the effects this node now holds, and the change-log head to announce.
 */
export async function claimEffects(
  db: Db,
  node: string,
  nowMs: number,
  leaseMs: number,
  limit: number,
  pausedAccounts: readonly string[],
): Promise<{ claimed: ClaimedEffect[]; head: number }> {
  return db.transaction().execute(async (tx) => {
    const due = await lockDue(tx, nowMs, limit, pausedAccounts);
    if (due.length === 0) return { claimed: [], head: 0 };
    const { held, entries } = await holdUnseen(
      tx,
      due.map(({ key }) => key),
      nowMs,
    );
    const { rows: claimed } = await sql<ClaimedEffect>`
      update effects set state = 'attempting', node = ${node}, lease_until = ${nowMs + leaseMs}, attempts = attempts + 1,
                         updated_at = ${nowMs}
      where key = any(${due.map(({ key }) => key).filter((key) => !held.has(key))}::text[])
      returning key, kind, account_id, message_id, external_id, attempts`.execute(tx);
    const stopped = new Set(due.filter(({ key }) => held.has(key)).map((one) => one.message_id));
    const sends = due.filter(({ kind }) => kind === 'send-message').map((one) => one.message_id);
    const head = await moveMessages(
      tx,
      sends,
      nowMs,
      (message) => {
        if (stopped.has(message.id)) return { ...message, status: 'held', failure: null };
        // A late report of an earlier attempt may have called it failed again before this one.
        return message.status === 'queued' || message.status === 'failed'
          ? { ...message, status: 'sending', failure: null }
          : null;
      },
      entries,
    );
    return { claimed, head };
  });
}

/**
 * A statement of its own: whoever looks for news in these conversations must do so after the lock, not in the same view of
 * the database.
 */
async function lockDue(
  tx: Tx,
  nowMs: number,
  limit: number,
  pausedAccounts: readonly string[],
): Promise<{ key: string; kind: ClaimedEffect['kind']; message_id: string }[]> {
  const { rows } = await sql<{ key: string; kind: ClaimedEffect['kind']; message_id: string }>`
    select e.key, e.kind, e.message_id
    from effects e join messages m on m.id = e.message_id join conversations v on v.id = e.conversation_id
    where e.state = 'queued' and e.next_at <= ${nowMs} and e.account_id <> all(${[...pausedAccounts]}::text[])
      and (e.kind <> 'send-message' or not exists (
        select 1 from effects earlier
        where earlier.conversation_id = e.conversation_id and earlier.ordinal < e.ordinal
          and earlier.kind = 'send-message' and earlier.state in ('queued', 'attempting')
          and (earlier.attempts > 0 or earlier.next_at <= ${nowMs})))
    order by e.ordinal limit ${limit} for update of v, m, e skip locked`.execute(tx);
  return rows;
}

/** Locks messages, changes those for which `change` says so, and writes the change log, with `more` as its last entries. */
async function moveMessages(
  tx: Tx,
  ids: readonly string[],
  nowMs: number,
  change: (message: Message) => Message | null,
  more: readonly ChangeEntry[] = [],
): Promise<number> {
  if (ids.length === 0) return 0;
  const rows = await tx
    .selectFrom('messages')
    .select('doc')
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute();
  const changed = rows.flatMap((row) => change(row.doc) ?? []);
  await runWrites(tx, [writeMessages(changed)]);
  const entries = changed.map((doc) => ({ collection: 'message' as const, id: doc.id, scopes: null }));
  return headOf(await appendChanges(tx, [...entries, ...more], nowMs));
}

export type Settlement =
  | { state: 'done' }
  | { state: 'queued'; nextAt: number; failure: MessageFailure }
  | { state: 'failed'; failure: MessageFailure }
  | { state: 'unknown'; failure: MessageFailure };

/** What a send result means for the ledger: retry, give up, or never touch again unasked. */
export function toSettlement(result: SendResult, attempts: number, nowMs: number, random: () => number): Settlement {
  if (result.status === 'sent') return { state: 'done' };
  if (result.status === 'unknown')
    return { state: 'unknown', failure: { kind: 'unknown-outcome', text: result.reason } };
  if (!result.retryable || attempts >= MAX_SEND_ATTEMPTS) return { state: 'failed', failure: result.reason };
  return { state: 'queued', nextAt: nowMs + backoffMs(attempts, random, result.retryAfterMs), failure: result.reason };
}

const MESSAGE_STATUS = { done: 'sent', queued: 'queued', failed: 'failed', unknown: 'unknown' } as const;

/**
 * Records the outcome of an attempt on ledger and message at once. An effect that something else has settled meanwhile (a
 * delivery report, an agent's choice) stays as it is; a late answer of a holder whose lease lapsed still counts, but never
 * for an attempt that came after: written twice because the first commit's answer was lost, it would set that one back.
 *
 * @returns the change-log head to announce.
 */
export async function settleEffect(
  db: Db,
  effect: ClaimedEffect,
  settlement: Settlement,
  answer: Record<string, unknown>,
  nowMs: number,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // Message before ledger row: the order every other writer takes them in.
    const message = await tx
      .selectFrom('messages')
      .select('id')
      .where('id', '=', effect.message_id)
      .forUpdate()
      .executeTakeFirst();
    const updated = await tx
      .updateTable('effects')
      .set({
        state: settlement.state,
        next_at: settlement.state === 'queued' ? settlement.nextAt : nowMs,
        lease_until: null,
        answer: toJsonText(answer),
        updated_at: nowMs,
      })
      .where('key', '=', effect.key)
      .where('attempts', '=', effect.attempts)
      .where((eb) =>
        eb('state', '=', 'attempting').or(
          eb('state', '=', 'unknown').and(eb.lit(settlement.state === 'done' || settlement.state === 'failed')),
        ),
      )
      .returning('key')
      .executeTakeFirst();
    if (!message || !updated) return 0;
    return moveMessages(tx, [effect.message_id], nowMs, (doc) => {
      if (doc.status !== 'sending' && doc.status !== 'queued' && doc.status !== 'unknown') return null;
      const failure = settlement.state === 'done' ? null : settlement.failure;
      return { ...doc, status: MESSAGE_STATUS[settlement.state], failure };
    });
  });
}

/**
 * Attempts whose holder is gone: the request may or may not have reached the platform, so the outcome is unknown and is
 * never repeated unasked (R11). What may be repeated without harm starts over: fetching a file, and a message whose
 * platform drops a second one.
 *
 * @param idempotentAccounts - ids of accounts that send such messages.
 * @returns the change-log head to announce.
 */
export async function expireLeases(db: Db, nowMs: number, idempotentAccounts: readonly string[]): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const lapsed = await tx
      .selectFrom('effects')
      .select(['key', 'kind', 'message_id'])
      .where('state', '=', 'attempting')
      .where('lease_until', '<', nowMs)
      .orderBy('message_id')
      .execute();
    if (lapsed.length === 0) return 0;
    await tx
      .selectFrom('messages')
      .select('id')
      .where(
        'id',
        'in',
        lapsed.map((one) => one.message_id),
      )
      .orderBy('id')
      .forUpdate()
      .execute();
    const expired = await sql<{ kind: string; message_id: string; state: 'unknown' | 'queued' }>`
      update effects set lease_until = null, next_at = ${nowMs}, updated_at = ${nowMs},
        state = case when kind = 'send-message' and account_id <> all(${[...idempotentAccounts]}::text[]) then 'unknown' else 'queued' end,
        answer = case when kind = 'send-message' then '{"status": "unknown"}'::jsonb else answer end
      where key = any(${lapsed.map((one) => one.key)}) and state = 'attempting' and lease_until < ${nowMs}
      returning kind, message_id, state`.execute(tx);
    const states = new Map(
      expired.rows.filter((one) => one.kind === 'send-message').map((one) => [one.message_id, one.state]),
    );
    return moveMessages(tx, [...states.keys()], nowMs, (doc) => {
      if (doc.status !== 'sending' && doc.status !== 'queued') return null;
      return states.get(doc.id) === 'queued'
        ? { ...doc, status: 'queued', failure: null }
        : {
            ...doc,
            status: 'unknown',
            failure: { kind: 'unknown-outcome', text: 'The server stopped while the message was on its way.' },
          };
    });
  });
}
