import { type Command, commandSchema, commandTarget } from '@tradewind/shared/commands/registry';
import type { CommandDoc, CommandReason } from '@tradewind/shared/protocol/commands';
import type { Tx } from '../db/database.ts';
import { toJsonText } from '../db/json-text.ts';

/** A stored command that was not carried out and is not answered yet. */
export interface HeldCommand {
  id: string;
  type: string;
  doc: CommandDoc;
  /** As it came; null where a version that did not keep it held the command, or a message shows what it asked for. */
  input: object | null;
}

/**
 * Locks the conversation that a held command is about, before the command itself: the order in which replies are held when
 * they are to leave, and in which whoever answers one takes the two.
 *
 * @returns its id; null where the agent has no such command or it is about none.
 */
export async function lockConversationOf(tx: Tx, agentId: string, commandId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('commands')
    .select('doc')
    .where('id', '=', commandId)
    .where('agent_id', '=', agentId)
    .executeTakeFirst();
  const id = row?.doc.conversationId ?? null;
  if (id !== null) await tx.selectFrom('conversations').select('id').where('id', '=', id).forUpdate().execute();
  return id;
}

/** Locks a command that is to be answered, its conversation being locked. Somebody else's does not exist for this agent (R15). */
export async function lockHeldCommand(tx: Tx, agentId: string, id: string): Promise<HeldCommand | CommandReason> {
  const row = await tx
    .selectFrom('commands')
    .select(['id', 'type', 'doc', 'input'])
    .where('id', '=', id)
    .where('agent_id', '=', agentId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return { kind: 'not-found', what: 'command' };
  const { reason, status } = row.doc;
  if (status !== 'held') return { kind: 'wrong-state', status: reason?.kind === 'discarded' ? 'discarded' : status };
  // Another answer is held in its place: that one is to be answered now.
  if (row.doc.answeredBy !== undefined) return { kind: 'wrong-state', status: 'answered' };
  return row;
}

/** The held command that this one sends after all: of the same kind and about the same thing, or why not. */
export async function lockConfirmed(
  tx: Tx,
  agentId: string,
  command: Command,
  confirms: string,
): Promise<HeldCommand | CommandReason> {
  const held = await lockHeldCommand(tx, agentId, confirms);
  if ('kind' in held) return held;
  if (!isSameRequest(held, command)) {
    const message = 'must be a held command of the same type that is about the same conversation, message or channel';
    return { kind: 'invalid', errors: [{ path: 'confirms', message }] };
  }
  // A report proved meanwhile that it had arrived in an earlier attempt.
  const made = await tx.selectFrom('messages').select('status').where('id', '=', held.id).executeTakeFirst();
  return made && made.status !== 'held' ? { kind: 'wrong-state', status: made.status } : held;
}

function isSameRequest(held: HeldCommand, command: Command): boolean {
  if (held.type !== command.type) return false;
  const input = commandSchema.safeParse(held.input);
  if (!input.success)
    return (held.doc.conversationId ?? null) === null || held.doc.conversationId === targetOf(command);
  return targetOf(input.data) === targetOf(command);
}

/** What a command is about; a new conversation is told by its channel, since its id is that of its command. */
function targetOf(command: Command): string | null {
  if (command.type === 'start-conversation') return command.channelAccountId;
  const { conversationId, messageId } = commandTarget(command);
  return messageId ?? conversationId;
}

/** Stores what became of a command; its place in the change log is the caller's to move. */
export async function writeCommandDoc(
  tx: Tx,
  doc: CommandDoc,
  more: { heldFor: string | null; seenSeq?: number | null },
): Promise<void> {
  await tx
    .updateTable('commands')
    .set({
      status: doc.status,
      doc: toJsonText(doc),
      held_for: more.heldFor,
      ...(more.seenSeq === undefined ? {} : { seen_seq: more.seenSeq }),
      ...(doc.status === 'held' && doc.answeredBy === undefined ? {} : { input: null }),
    })
    .where('id', '=', doc.id)
    .execute();
}
