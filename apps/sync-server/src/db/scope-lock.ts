import { sql } from 'kysely';
import type { Tx } from './database.ts';

/**
 * Held by whoever writes documents with the scopes that accounts' teams give them, while nobody may change those teams;
 * else a batch under way could write rows with scopes that were just taken away (R15). One lock for all accounts: a
 * customer is read by those of every account he wrote to. It comes before any row lock.
 */
export const heldScopes = sql`pg_advisory_xact_lock_shared(7204, 0)`;

export async function holdScopes(tx: Tx): Promise<void> {
  await sql`select ${heldScopes}`.execute(tx);
}

/** Taken before an account's teams are changed: waits for writers under way, and makes new ones wait. */
export async function lockScopes(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(7204, 0)`.execute(tx);
}
