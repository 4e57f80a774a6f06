import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import type { Tx } from './database.ts';
import { PREPARED } from './prepared.ts';

/** One data-modifying statement, to be run together with others. */
export interface Write {
  name: string;
  statement: RawBuilder<unknown>;
}

/**
 * Runs several writes as one statement: one way to the database and back instead of one for each. They see the database as
 * it was before all of them, so no two may write the same row.
 */
export async function runWrites(tx: Tx, writes: readonly (Write | null)[]): Promise<void> {
  const all = writes.filter((write) => write !== null);
  if (all.length === 0) return;
  const parts = all.map((write) => sql`${sql.raw(write.name)} as (${write.statement})`);
  await sql`${sql.raw(PREPARED)} with ${sql.join(parts)} select 1`.execute(tx);
}
