import type { CommandOf } from '@tradewind/shared/commands/registry';
import type { CommandReason } from '@tradewind/shared/protocol/commands';
import { isVisible, scopesOf } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';

/** Why this agent or team cannot have the conversation, or null. Whoever is given one must be able to see it. */
export async function checkAssignment(
  tx: Tx,
  command: CommandOf<'assign'>,
  readers: readonly string[],
): Promise<CommandReason | null> {
  if (typeof command.agentId === 'string') {
    const agent = await tx
      .selectFrom('agents')
      .select(['id', 'role', 'team_ids', 'disabled'])
      .where('id', '=', command.agentId)
      .executeTakeFirst();
    if (!agent) return { kind: 'not-found', what: 'agent' };
    if (agent.disabled) return { kind: 'agent-disabled' };
    const reader = scopesOf({ id: agent.id, role: agent.role, teamIds: agent.team_ids });
    if (!isVisible(readers, reader)) return { kind: 'forbidden' };
  }
  if (typeof command.teamId === 'string') {
    const team = await tx.selectFrom('teams').select('id').where('id', '=', command.teamId).executeTakeFirst();
    if (!team) return { kind: 'not-found', what: 'team' };
  }
  return null;
}
