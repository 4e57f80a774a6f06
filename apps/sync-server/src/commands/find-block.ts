import type { CommandReason } from '@tradewind/shared/protocol/commands';
import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { holdScopes } from '../db/scope-lock.ts';
import { lockConversationOf } from './held-command.ts';

/**
 * What keeps a command from being carried out: one that it names in `after` was not applied, or is held. One that was never
 * received counts as not applied, as does somebody else's. For a held one that was answered its answer counts.
 */
export async function findBlock(tx: Tx, agentId: string, ids: readonly string[]): Promise<CommandReason | null> {
  if (ids.length === 0) return null;
  const found = await findOutcomes(tx, agentId, ids);
  const failed = ids.find((id) => !['applied', 'held'].includes(found.get(id)?.status ?? ''));
  if (failed !== undefined) return { kind: 'after-failed', commandId: failed };
  const held = [...found.values()].find(({ status }) => status === 'held');
  if (!held) return null;
  // Its answer may be under way, and would not see a command that begins to wait for it only now: after these locks either
  // the answer is there, or it comes after us.
  await holdScopes(tx);
  await lockConversationOf(tx, agentId, held.id);
  const now = await tx.selectFrom('commands').select('doc').where('id', '=', held.id).forUpdate().executeTakeFirst();
  const stillAsks = now?.doc.status === 'held' && now.doc.answeredBy === undefined;
  return stillAsks ? { kind: 'after-held', commandId: held.id } : findBlock(tx, agentId, ids);
}

/** By command: itself, or the last of those that answered it one after the other. */
async function findOutcomes(
  tx: Tx,
  agentId: string,
  ids: readonly string[],
): Promise<Map<string, { id: string; status: string }>> {
  const { rows } = await sql<{ named: string; id: string; status: string }>`
    with recursive answers as (
      select id as named, id, status, doc, 0 as step from commands
      where id = any(${[...ids]}::text[]) and agent_id = ${agentId}
      union all
      select answers.named, c.id, c.status, c.doc, answers.step + 1
      from answers join commands c on c.id = answers.doc->>'answeredBy' and c.agent_id = ${agentId}
      where answers.doc->'reason'->>'kind' is distinct from 'discarded'
    )
    select distinct on (named) named, id, status from answers order by named, step desc`.execute(tx);
  return new Map(rows.map(({ named, id, status }) => [named, { id, status }]));
}
