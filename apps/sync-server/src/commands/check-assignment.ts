import type { CommandOf } from '@tradewind/shared/commands/registry';
import type { CommandReason } from '@tradewind/shared/protocol/commands';
import type { Tx } from '../db/database.ts';

/** Why this agent or team cannot have the conversation, or null. Whoever is given one sees it by that (protocol: Visibility). */
export async function checkAssignment(tx: Tx, command: CommandOf<'assign'>): Promise<CommandReason | null> {
  if (typeof command.agentId === 'string') {
    const agent = await tx
      .selectFrom('agents')
      .select(['id', 'disabled'])
      .where('id', '=', command.agentId)
      .executeTakeFirst();
    if (!agent) return { kind: 'not-found', what: 'agent' };
    if (agent.disabled) return { kind: 'agent-disabled' };
  }
  if (typeof command.teamId === 'string') {
    const team = await tx.selectFrom('teams').select('id').where('id', '=', command.teamId).executeTakeFirst();
    if (!team) return { kind: 'not-found', what: 'team' };
  }
  return null;
}
