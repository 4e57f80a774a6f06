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
  await tx
    .insertInto('effects')
    .values({
      key: `send:${message.id}:${command.id}`,
      kind: 'send-message',
      account_id: message.channelAccountId,
      message_id: message.id,
      conversation_id: message.conversationId,
      state: 'queued',
      next_at: command.type === 'reply' ? Math.max(nowMs, command.sendAt ?? 0) : nowMs,
      node: null,
      lease_until: null,
      external_id: message.externalId,
      answer: null,
      created_at: nowMs,
      updated_at: nowMs,
    })
    .execute();
  return true;
}
