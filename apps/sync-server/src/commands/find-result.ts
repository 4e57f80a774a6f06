import type { CommandResult } from '@tradewind/shared/protocol/commands';
import type { AuthAgent } from '../auth/scopes.ts';
import type { Db } from '../db/database.ts';
import { toResult } from './run-command.ts';

/** The stored result of an agent's own command; an admin finds anybody's. */
export async function findResult(db: Db, agent: AuthAgent, id: string): Promise<CommandResult | null> {
  const row = await db
    .selectFrom('commands as c')
    .innerJoin('change_log as l', (join) => join.onRef('l.id', '=', 'c.id').on('l.collection', '=', 'command'))
    .select(['c.agent_id', 'c.doc', 'l.seq'])
    .where('c.id', '=', id)
    .executeTakeFirst();
  if (!row || (row.agent_id !== agent.id && agent.role !== 'admin')) return null;
  return toResult(row.doc, row.seq);
}
