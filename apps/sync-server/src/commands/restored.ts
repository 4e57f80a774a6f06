import type { Command } from '@tradewind/shared/commands/registry';
import type { CommandReason } from '@tradewind/shared/protocol/commands';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Tx } from '../db/database.ts';
import { writeSendEffect } from './effects.ts';
import type { PreparedDocs } from './outgoing.ts';

type RestoredCommand = Command & { restored: NonNullable<Command['restored']> };

/** Whether a console tells again what the desk did before it was restored from a backup (docs/adr/0013). */
export function isRestored(command: Command): command is RestoredCommand {
  return command.restored !== undefined;
}

/** The moment an agent acted in the history that is told again; now for every other command. */
export function actedAt(command: Command, nowMs: number): number {
  return isRestored(command) ? Math.min(command.at ?? nowMs, nowMs) : nowMs;
}

/**
 * Why a command cannot have been carried out in the history that a restore replaced, or null. Without a restore on record, or
 * for a time that the restored desk remembers by itself, `restored` would be a way to have mails that nobody sent.
 *
 * @param message - what `apply` made of it.
 */
export async function refuseRestored(
  tx: Tx,
  command: Command,
  message: Message | undefined,
): Promise<CommandReason | null> {
  if (!isRestored(command)) return null;
  const { at, restored } = command;
  const desk = await tx.selectFrom('desk').select(['restored_at', 'restored_head_at']).executeTakeFirst();
  if (!desk || desk.restored_at === null || desk.restored_head_at === null) {
    return refuse('restored', 'this desk was never restored from a backup');
  }
  if (at === undefined) return refuse('at', 'must say when the command was made');
  if (at <= desk.restored_head_at) return refuse('at', 'must be later than the state the desk was restored to');
  if (at > desk.restored_at) return refuse('at', 'must be earlier than the restore');
  if (message && restored.externalId && (await isTaken(tx, message, restored.externalId))) {
    return refuse('restored.externalId', 'belongs to another message');
  }
  return null;
}

function refuse(path: string, message: string): CommandReason {
  return { kind: 'invalid', errors: [{ path, message }] };
}

async function isTaken(tx: Tx, { id, channelAccountId }: Message, externalId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('messages')
    .select('id')
    .where('channel_account_id', '=', channelAccountId)
    .where('external_id', '=', externalId)
    .where('id', '<>', id)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * The documents as the console saw them: a message that would leave now has left before. What was not seen to be sent may have
 * left all the same: its outcome is unknown, and an agent decides (R11).
 *
 * @returns the very same for a command that sends nothing again.
 */
export function toRestoredDocs(command: Command, docs: PreparedDocs): PreparedDocs {
  if (!isRestored(command) || docs.message?.status !== 'queued') return docs;
  const message = { ...docs.message, externalId: command.restored.externalId ?? docs.message.externalId };
  if (command.restored.status === 'sent') return { ...docs, message: { ...message, status: 'sent' } };
  const text = 'The desk was restored from a backup: the message may have been sent before.';
  return { ...docs, message: { ...message, status: 'unknown', failure: { kind: 'unknown-outcome', text } } };
}

/** The ledger row of what left in the other history: settled, so that nothing is sent. */
export async function recordRestoredEffect(tx: Tx, command: Command, message: Message, nowMs: number): Promise<void> {
  const state = message.status === 'sent' ? 'done' : 'unknown';
  await writeSendEffect(tx, command, message, { state, nextAt: nowMs, nowMs });
}
