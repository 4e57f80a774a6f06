import type { ApplyOutcome } from '@tradewind/shared/commands/definition';
import { applyCommand, type PersonalCommand } from '@tradewind/shared/commands/registry';
import type { Message } from '@tradewind/shared/schemas/message';
import { type Personal, toPersonalId } from '@tradewind/shared/schemas/personal';
import { sql } from 'kysely';
import { type AuthAgent, isVisibleSql, scopesOf } from '../auth/scopes.ts';
import type { Tx } from '../db/database.ts';
import { toJsonText } from '../db/json-text.ts';
import { type Decision, refuse } from './decision.ts';

/** Carries out a command about what is the agent's own; nobody else's documents are read or written. */
export async function runPersonal(
  tx: Tx,
  agent: AuthAgent,
  command: PersonalCommand,
  nowMs: number,
): Promise<Decision> {
  const id = command.type === 'remove-personal' ? command.itemId : toPersonalId(agent.id, command.item);
  const outcome = applyCommand(
    {
      conversation: null,
      message: await findReadMessage(tx, agent, command),
      lastInbound: null,
      attachments: [],
      channel: null,
      personal: await lockPersonal(tx, agent.id, id),
    },
    command,
    { agentId: agent.id, nowMs },
  );
  if (!outcome.ok) return refuse(outcome.reason);
  const removed = await write(tx, agent.id, id, outcome.personal, nowMs);
  const changed = outcome.personal !== undefined;
  return {
    result: { status: 'applied' },
    entries: changed ? [{ collection: 'personal', id, scopes: [`agent:${agent.id}`], deleted: removed }] : [],
    effects: false,
    audit: { target: `personal:${id}`, after: { removed } },
    seenSeq: null,
    answers: null,
  };
}

async function lockPersonal(tx: Tx, agentId: string, id: string): Promise<Personal | null> {
  const row = await tx
    .selectFrom('personal')
    .select('doc')
    .where('id', '=', id)
    .where('agent_id', '=', agentId)
    .forUpdate()
    .executeTakeFirst();
  return row?.doc ?? null;
}

/** The message a read mark names, with its place in the log; null where the agent may not see it (R15). */
async function findReadMessage(tx: Tx, agent: AuthAgent, command: PersonalCommand): Promise<Message | null> {
  if (command.type !== 'set-personal' || command.item.kind !== 'read') return null;
  const found = await sql<{ doc: Message; createdSeq: number }>`
    select item.doc, log.created_seq as "createdSeq" from messages as item
    join change_log as log on log.collection = 'message' and log.id = item.id and log.scope_left = ''
    where item.id = ${command.item.messageId} and ${isVisibleSql(scopesOf(agent))}`.execute(tx);
  const row = found.rows[0];
  return row ? { ...row.doc, createdSeq: row.createdSeq } : null;
}

/** @returns whether the document is gone now. */
async function write(
  tx: Tx,
  agentId: string,
  id: string,
  personal: Extract<ApplyOutcome, { ok: true }>['personal'],
  nowMs: number,
): Promise<boolean> {
  if (personal === undefined) return false;
  if (personal === 'removed') {
    await tx.deleteFrom('personal').where('id', '=', id).where('agent_id', '=', agentId).execute();
    return true;
  }
  const row = { agent_id: agentId, kind: personal.kind, updated_at: nowMs, doc: toJsonText(personal) };
  await tx
    .insertInto('personal')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
  return false;
}
