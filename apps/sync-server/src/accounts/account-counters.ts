import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import { toStorableText } from '../db/json-text.ts';

interface Pending {
  rejected: number;
  lastRejectedAt: number | null;
  reason: string | null;
  lastEventAt: number | null;
}

const FLUSH_MS = 500;

/**
 * Counts what webhooks of each account bring. Numbers are gathered in memory and written together, so that a flood of
 * forged requests costs two small statements a second, not one each.
 */
export class AccountCounters {
  readonly #db: Db;
  readonly #log: Logger;
  #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(db: Db, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  countRejection(accountId: string, reason: string, atMs: number): void {
    const pending = this.#get(accountId);
    pending.rejected += 1;
    pending.lastRejectedAt = Math.max(pending.lastRejectedAt ?? 0, atMs);
    pending.reason = toStorableText(reason);
  }

  countEvent(accountId: string, atMs: number): void {
    const pending = this.#get(accountId);
    pending.lastEventAt = Math.max(pending.lastEventAt ?? 0, atMs);
  }

  #get(accountId: string): Pending {
    const pending = this.#pending.get(accountId) ?? {
      rejected: 0,
      lastRejectedAt: null,
      reason: null,
      lastEventAt: null,
    };
    this.#pending.set(accountId, pending);
    this.#timer ??= setTimeout(() => void this.#flushQuietly(), FLUSH_MS);
    return pending;
  }

  /** Writes everything counted so far; call before reading the numbers, and at the end. */
  flush(): Promise<void> {
    // One after the other, so that a caller also waits for what an earlier flush is still writing.
    this.#flushing = this.#flushing.catch(() => undefined).then(() => this.#write());
    return this.#flushing;
  }

  async #flushQuietly(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#log.warn(
        { event: 'accounts.counters-wait', err: error },
        'account counters wait until the database answers',
      );
    }
  }

  async #write(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const taken = this.#pending;
    if (taken.size === 0) return;
    this.#pending = new Map();
    try {
      await this.#add([...taken]);
    } catch (error) {
      for (const [accountId, one] of taken) this.#giveBack(accountId, one);
      throw error;
    }
  }

  #giveBack(accountId: string, taken: Pending): void {
    const pending = this.#get(accountId);
    pending.rejected += taken.rejected;
    pending.reason ??= taken.reason;
    pending.lastRejectedAt = laterOf(pending.lastRejectedAt, taken.lastRejectedAt);
    pending.lastEventAt = laterOf(pending.lastEventAt, taken.lastEventAt);
  }

  async #add(rows: readonly (readonly [string, Pending])[]): Promise<void> {
    // Rows are locked in one order by all nodes, or two flushes could wait for each other.
    await sql`
      with given as (
        select * from unnest(${rows.map(([id]) => id)}::text[], ${rows.map(([, one]) => one.rejected)}::bigint[],
          ${rows.map(([, one]) => one.lastRejectedAt)}::bigint[], ${rows.map(([, one]) => one.reason)}::text[],
          ${rows.map(([, one]) => one.lastEventAt)}::bigint[]) as g (id, rejected, rejected_at, reason, event_at)
      ), locked as materialized (
        select a.id from accounts a where a.id in (select id from given) order by a.id for update
      )
      update accounts a set rejected = a.rejected + given.rejected,
        last_rejected_reason = case when given.rejected_at >= coalesce(a.last_rejected_at, 0) then given.reason else a.last_rejected_reason end,
        last_rejected_at = greatest(a.last_rejected_at, given.rejected_at),
        last_event_at = greatest(a.last_event_at, given.event_at)
      from given where a.id = given.id and a.id in (select id from locked)`.execute(this.#db);
  }
}

function laterOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
