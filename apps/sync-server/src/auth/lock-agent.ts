import { AppError } from '@tradewind/shared/protocol/errors';
import type { Tx } from '../db/database.ts';
import type { AgentRow } from './own-agent.ts';

/**
 * The agent's row as it is now, held until the transaction ends. Sessions may begin meanwhile, agents may be given
 * conversations: those only refer to the row.
 *
 * @throws AppError `not-found`.
 */
export async function lockAgent(tx: Tx, id: string): Promise<AgentRow> {
  const row = await tx.selectFrom('agents').selectAll().where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
  if (!row) throw new AppError('not-found', 'There is no such agent.');
  return row;
}
