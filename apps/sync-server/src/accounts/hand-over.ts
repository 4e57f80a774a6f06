import { assignTo } from '@tradewind/shared/commands/assign';
import { AppError } from '@tradewind/shared/protocol/errors';
import { writeAudit } from '../audit/audit.ts';
import { isVisible, type Scopes, scopesOf } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';
import { writeConversations } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import { toConversationScopes } from '../domain/scopes.ts';
import type { ChangeEntry } from '../replication/change-log.ts';

/** Who gets an agent's conversations; null: nobody, they wait for whoever takes them. */
export interface Receiver {
  id: string;
  scopes: Scopes;
}

/** @throws AppError `bad-input` naming `reassignTo` when this agent cannot take conversations over. */
export async function findReceiver(tx: Tx, leavingId: string, id: string | null): Promise<Receiver | null> {
  if (id === null) return null;
  if (id === leavingId) throw cannotTake('must be another agent');
  const agent = await tx.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst();
  if (!agent) throw cannotTake('no such agent');
  if (agent.disabled) throw cannotTake('is disabled');
  return { id, scopes: scopesOf({ id, role: agent.role, teamIds: agent.team_ids }) };
}

function cannotTake(message: string): AppError {
  const errors = [{ path: 'reassignTo', message }];
  return new AppError('bad-input', 'The conversations cannot go to this agent.', { errors });
}

/**
 * Gives an agent's unresolved conversations to another agent, or to nobody where there is none or he does not see them without:
 * nobody chose each of them for him, as who assigns one does. The caller holds the scope lock alone (`lockScopes`): no command that assigns a conversation is under way.
 *
 * @returns what changed, for the change log.
 */
export async function handOver(
  tx: Tx,
  actor: string,
  leavingId: string,
  receiver: Receiver | null,
  at: number,
): Promise<ChangeEntry[]> {
  const rows = await tx
    .selectFrom('conversations as c')
    .innerJoin('accounts as a', 'a.id', 'c.channel_account_id')
    .select(['c.doc', 'a.team_ids'])
    .where('c.assignee_id', '=', leavingId)
    .where('c.status', '<>', 'resolved')
    .orderBy('c.id')
    .forUpdate('c')
    .execute();
  const moves = rows.map(({ doc, team_ids }) => {
    const readers = toConversationScopes(team_ids, { ...doc, assigneeId: null });
    const mayHaveIt = receiver !== null && isVisible(readers, receiver.scopes);
    return { before: doc, after: assignTo(doc, mayHaveIt ? receiver.id : null) };
  });
  await runWrites(tx, [
    writeConversations(
      moves.map((move) => move.after),
      at,
    ),
  ]);
  await writeAudit(
    tx,
    ...moves.map(({ before, after }) => ({
      ...{ at, actor, action: 'conversation.hand-over', target: `conversation:${before.id}` },
      before: { status: before.status, assigneeId: before.assigneeId },
      after: { status: after.status, assigneeId: after.assigneeId },
    })),
  );
  return moves.map(({ after }) => ({ collection: 'conversation' as const, id: after.id, scopes: null }));
}
