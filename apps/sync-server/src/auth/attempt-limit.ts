import { createHash } from 'node:crypto';
import { AppError } from '@tradewind/shared/protocol/errors';
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { toNetwork } from '../net/to-network.ts';

/** Kinds whose value is a client's address. */
const ADDRESSES: ReadonlySet<string> = new Set(['address', 'setup', 'forgot-address']);
// A forgotten password is five honest tries; an address may be a whole office behind one router.
const FREE_TRIES = { email: 5, address: 30, setup: 10, 'forgot-email': 3, 'forgot-address': 20 } as const;
const FIRST_BLOCK_MS = 30_000;
const LONGEST_BLOCK_MS = 15 * 60_000;
/** Tries are forgotten this long after the first one. */
const MEMORY_MS = 60 * 60_000;

/** What is counted, by whom: wrong log-ins by mail and client address, wrong set-up codes, asked-for reset mails. */
export interface Attempt {
  kind: keyof typeof FREE_TRIES;
  value: string;
}

/** Hashed: what people type into the mail field may be a password. */
function toKey({ kind, value }: Attempt): string {
  const counted = ADDRESSES.has(kind) ? toNetwork(value) : value;
  return `${kind}:${createHash('sha256').update(counted).digest('base64url')}`;
}

/** Counts tries that may be somebody guessing, in the database, so that all nodes and restarts agree. */
export class AttemptLimit {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** @throws AppError `rate-limited` with the time until the next try, while one of them is blocked. */
  async assertAllowed(attempts: readonly Attempt[], nowMs: number): Promise<void> {
    const rows = await this.#db
      .selectFrom('login_failures')
      .select('blocked_until')
      .where('key', 'in', attempts.map(toKey))
      .execute();
    const retryAfterMs = Math.max(0, ...rows.map((row) => row.blocked_until - nowMs));
    if (retryAfterMs > 0) throw new AppError('rate-limited', 'Too many tries. Try again later.', { retryAfterMs });
  }

  /** Counts a try; from the last free one on each blocks twice as long as the one before. */
  async count(attempts: readonly Attempt[], nowMs: number): Promise<void> {
    for (const attempt of attempts) await this.#countOne(attempt, nowMs);
  }

  async #countOne(attempt: Attempt, nowMs: number): Promise<void> {
    const failures = sql`case when login_failures.first_at < ${nowMs - MEMORY_MS}::bigint then 1
      else login_failures.failures + 1 end`;
    // Bounded, or a long attack would overflow the power.
    const surplus = sql`least(20, ${failures} - ${FREE_TRIES[attempt.kind]}::integer)`;
    await sql`
      insert into login_failures (key, failures, first_at) values (${toKey(attempt)}, 1, ${nowMs})
      on conflict (key) do update set failures = ${failures},
        first_at = greatest(login_failures.first_at, case when ${failures} = 1 then ${nowMs}::bigint else 0 end),
        blocked_until = case when ${surplus} < 0 then 0
          else ${nowMs}::bigint + least(${LONGEST_BLOCK_MS}::bigint, ${FIRST_BLOCK_MS}::bigint * (2 ^ ${surplus})::bigint) end`.execute(
      this.#db,
    );
  }

  async clear(attempt: Attempt): Promise<void> {
    await this.#db.deleteFrom('login_failures').where('key', '=', toKey(attempt)).execute();
  }
}
