import { AppError } from '@tradewind/shared/protocol/errors';
import { createReset, toResetLink } from '../auth/password-resets.ts';
import { removeTotp } from '../auth/two-step.ts';
import type { Db, Tx } from '../db/database.ts';

/** Who has the server's terminal needs no password: in the audit log this is its name. */
const OPERATOR = 'operator';

/** The agents as a table for a terminal, one line each. */
export async function listAgents(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('agents')
    .select(['email', 'name', 'role', 'disabled', 'totp_since'])
    .orderBy('email')
    .execute();
  if (rows.length === 0) return ['This desk has no agents yet: start it and open the set-up link.'];
  const cells = rows.map((row) => [
    row.email,
    row.role,
    [row.disabled ? 'disabled' : '', row.totp_since === null ? '' : 'log-in codes'].filter(Boolean).join(', ') || '-',
    row.name,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * A link for a new password. It needs no server to be made, and one to be opened.
 *
 * @param configuredUrl - null: the address of the server that ran last.
 * @throws Error in one sentence.
 */
export async function createOperatorLink(
  db: Db,
  email: string,
  configuredUrl: string | null,
  nowMs: number,
): Promise<string> {
  return withAgent(db, email, async (tx, agentId) => {
    const { token } = await createReset(tx, OPERATOR, agentId, nowMs);
    const desk = await tx.selectFrom('desk').select('public_url').executeTakeFirstOrThrow();
    return toResetLink(configuredUrl ?? desk.public_url ?? 'http://127.0.0.1:7373', token);
  });
}

/** @throws Error in one sentence. */
export function removeCodes(db: Db, email: string, nowMs: number): Promise<void> {
  return withAgent(db, email, (tx, agentId) => removeTotp(tx, OPERATOR, agentId, nowMs));
}

async function withAgent<T>(db: Db, email: string, work: (tx: Tx, agentId: string) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => {
      const agent = await tx.selectFrom('agents').select('id').where('email', '=', email).executeTakeFirst();
      if (!agent) throw new Error(`No agent has the mail address ${email}: npm run admin -- list shows them all.`);
      return work(tx, agent.id);
    });
  } catch (error) {
    // What agents would read is as good a sentence here.
    throw error instanceof AppError ? new Error(error.message, { cause: error }) : error;
  }
}
