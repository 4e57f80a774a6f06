import type { Tx } from '../db/database.ts';
import { toJsonText } from '../db/json-text.ts';

export interface AuditEntry {
  at: number;
  /** `agent:{id}`, `anonymous` before a login, `server` for what the server does by itself, `operator` for its terminal. */
  actor: string;
  /** Stable words such as `login`, `agent.update`, `dead-letter.replay`. */
  action: string;
  /** `{kind}:{id}`. */
  target: string;
  /** The fields that changed; never a secret, a password or message text. */
  before?: Readonly<Record<string, unknown>>;
  after?: Readonly<Record<string, unknown>>;
}

// PostgreSQL takes 65,535 parameters in a statement, and each row has six.
const ROWS_PER_STATEMENT = 5_000;

/** Adds rows to the append-only audit log, in the transaction of what they tell about (R17). */
export async function writeAudit(tx: Tx, ...entries: readonly AuditEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    at: entry.at,
    actor: entry.actor,
    action: entry.action,
    target: entry.target,
    before: entry.before ? toJsonText(entry.before) : null,
    after: entry.after ? toJsonText(entry.after) : null,
  }));
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    await tx
      .insertInto('audit')
      .values(rows.slice(start, start + ROWS_PER_STATEMENT))
      .execute();
  }
}

/** The fields in which two states differ, for `before` and `after`. */
export function diffFields<T extends Readonly<Record<string, unknown>>>(
  before: T,
  after: T,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return {
    before: Object.fromEntries(changed.map((key) => [key, before[key]])),
    after: Object.fromEntries(changed.map((key) => [key, after[key]])),
  };
}
