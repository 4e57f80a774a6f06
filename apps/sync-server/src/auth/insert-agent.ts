import { createUuidV7 } from '@tradewind/shared/ids';
import { writeAudit } from '../audit/audit.ts';
import type { Tx } from '../db/database.ts';
import type { AgentRow } from './own-agent.ts';

export interface NewAgentRow {
  email: string;
  name: string;
  role: 'admin' | 'agent';
  teamIds: readonly string[];
  passwordHash: string;
  disabled?: boolean;
}

/**
 * Adds an agent with its audit row; the change log is the caller's.
 *
 * @param actor - null: the new agent himself, by a link he was given.
 */
export async function insertAgent(tx: Tx, actor: string | null, given: NewAgentRow, at: number): Promise<AgentRow> {
  const { email, name, role, passwordHash, disabled = false } = given;
  const teamIds = [...new Set(given.teamIds)];
  const id = createUuidV7(at);
  const row = await tx
    .insertInto('agents')
    .values({ id, email, name, role, team_ids: teamIds, disabled, password_hash: passwordHash, created_at: at })
    .returningAll()
    .executeTakeFirstOrThrow();
  await writeAudit(tx, {
    at,
    actor: actor ?? `agent:${id}`,
    action: 'agent.create',
    target: `agent:${id}`,
    after: { email, name, role, teamIds, disabled },
  });
  return row;
}
