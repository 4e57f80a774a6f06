import type { Command } from '@tradewind/shared/commands/registry';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Tx } from '../db/database.ts';
import { toJsonText } from '../db/json-text.ts';

/**
 * Writes the ledger rows a command calls for (R11), in the command's own transaction.
 *
 * @returns true when something is to be sent.
 */
export async function queueEffects(tx: Tx, command: Command, message: Message, nowMs: number): Promise<boolean> {
  if (command.type === 'settle-message') {
    // Whatever was chosen, the old attempt is closed; sending again is a new effect with a row of its own.
    await tx
      .updateTable('effects')
      .set({
        state: command.choice === 'mark-sent' ? 'done' : 'failed',
        answer: toJsonText({ status: 'unknown' }), // also where a restore or a lapsed lease left none
        updated_at: nowMs,
        lease_until: null,
      })
      .where('message_id', '=', message.id)
      .where('kind', '=', 'send-message')
      .where('state', 'in', ['unknown', 'attempting'])
      .execute();
  }
  if (message.status !== 'queued') return false;
  const nextAt = command.type === 'reply' ? Math.max(nowMs, command.sendAt ?? 0) : nowMs;
  await writeSendEffect(tx, command, message, { state: 'queued', nextAt, nowMs });
  return true;
}

/** The ledger row of a message that a command sends, or sent in a history that a restore replaced. */
export async function writeSendEffect(
  tx: Tx,
  command: Command,
  message: Message,
  { state, nextAt, nowMs }: { state: 'queued' | 'done' | 'unknown'; nextAt: number; nowMs: number },
): Promise<void> {
  await tx
    .insertInto('effects')
    .values({
      key: `send:${message.id}:${command.id}`,
      kind: 'send-message',
      account_id: message.channelAccountId,
      message_id: message.id,
      conversation_id: message.conversationId,
      state,
      next_at: nextAt,
      node: null,
      lease_until: null,
      external_id: message.externalId,
      answer: null,
      created_at: nowMs,
      updated_at: nowMs,
    })
    .execute();
}
