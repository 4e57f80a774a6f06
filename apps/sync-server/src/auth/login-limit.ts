import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

// A forgotten password is five honest tries; an address may be a whole office behind one router.
const FREE_TRIES = { email: 5, address: 30 } as const;
const FIRST_BLOCK_MS = 30_000;
const LONGEST_BLOCK_MS = 15 * 60_000;
/** Failures are forgotten this long after the first one. */
const MEMORY_MS = 60 * 60_000;

export type LimitKind = keyof typeof FREE_TRIES;

/** Hashed: what people type into the mail field may be a password. */
function toKey(kind: LimitKind, value: string): string {
  return `${kind}:${createHash('sha256').update(value).digest('base64url')}`;
}

/** Counts failed logins by mail address and by client address, in the database, so that all nodes and restarts agree. */
export class LoginLimit {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @returns milliseconds until the next try is allowed; 0 = now. */
  async waitMs(email: string, address: string, nowMs: number): Promise<number> {
    const rows = await this.#db
      .selectFrom('login_failures')
      .select('blocked_until')
      .where('key', 'in', [toKey('email', email), toKey('address', address)])
      .execute();
    return Math.max(0, ...rows.map((row) => row.blocked_until - nowMs));
  }

  /** Counts a failure; from the last free try on each one blocks twice as long as the one before. */
  async countFailure(email: string, address: string, nowMs: number): Promise<void> {
    await this.#count('email', email, nowMs);
    await this.#count('address', address, nowMs);
  }

  async #count(kind: LimitKind, value: string, nowMs: number): Promise<void> {
    const failures = sql`case when login_failures.first_at < ${nowMs - MEMORY_MS}::bigint then 1
      else login_failures.failures + 1 end`;
    // Bounded, or a long attack would overflow the power.
    const surplus = sql`least(20, ${failures} - ${FREE_TRIES[kind]}::integer)`;
    await sql`
      insert into login_failures (key, failures, first_at) values (${toKey(kind, value)}, 1, ${nowMs})
      on conflict (key) do update set failures = ${failures},
        first_at = greatest(login_failures.first_at, case when ${failures} = 1 then ${nowMs}::bigint else 0 end),
        blocked_until = case when ${surplus} < 0 then 0
          else ${nowMs}::bigint + least(${LONGEST_BLOCK_MS}::bigint, ${FIRST_BLOCK_MS}::bigint * (2 ^ ${surplus})::bigint) end`.execute(
      this.#db,
    );
  }

  /** A right password clears the mail address; the client address keeps its count, or one's own login would reset it. */
  async clear(email: string): Promise<void> {
    await this.#db.deleteFrom('login_failures').where('key', '=', toKey('email', email)).execute();
  }
}
