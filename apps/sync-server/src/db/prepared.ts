import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Begins a statement that is worth preparing: run all the time, with a text that hardly varies. */
export const PREPARED = '/* prepared */';

const names = new Map<string, string>();

/**
 * Lets a connection keep the plans of statements marked with `PREPARED`. Planning the statements behind one event costs
 * more than running them; Kysely knows no prepared statements, so the mark travels in the text.
 */
export function keepPlans(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const queryKeepingPlans = (...args: unknown[]): unknown => {
    const [text, values] = args;
    if (typeof text !== 'string' || !text.includes(PREPARED)) return query(...args);
    return query({ name: nameOf(text), text, values });
  };
  // One signature stands for pg's many overloads; all but the marked calls go through untouched.
  client.query = queryKeepingPlans as typeof client.query;
}

/** A name PostgreSQL takes (63 bytes at most), the same for the same text. */
function nameOf(text: string): string {
  const known = names.get(text) ?? createHash('sha256').update(text).digest('base64url');
  names.set(text, known);
  return known;
}
