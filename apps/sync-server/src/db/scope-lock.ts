import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** First key of the lock; the second is the account's `lane_no`. */
export const SCOPE_LOCK = 7204;

/**
 * Held by whoever writes documents of an account with the scopes its teams give them, while nobody may change those teams;
 * else a batch under way could write rows with scopes that were just taken away (R15).
 */
export async function holdScopes(tx: Tx, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${SCOPE_LOCK}, lane_no) from accounts where id = ${accountId}`.execute(
    tx,
  );
}

/** Taken before an account's teams are changed: waits for writers under way, and makes new ones wait. */
export async function lockScopes(tx: Tx, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${SCOPE_LOCK}, lane_no) from accounts where id = ${accountId}`.execute(tx);
}
