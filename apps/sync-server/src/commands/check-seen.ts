import type { Command } from '@tradewind/shared/commands/registry';
import type { CommandReason } from '@tradewind/shared/protocol/commands';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Tx } from '../db/database.ts';
import { findRestoredSeq, findSeenSeq, findUnseen } from '../db/queries/unseen.ts';
import { customersHoldBefore } from '../domain/causal-send.ts';

export interface Seen {
  /** `createdSeq` of the newest message the author had seen; null when he did not say. */
  seenSeq: number | null;
  /** Why the command cannot be carried out as it is. */
  problem: CommandReason | null;
}

/**
 * Whether the author of a reply had seen what is new in its conversation, whose row is locked (R10). A note says what its
 * author had seen, for colleagues' replies, and is never held. Callers that do not say are not checked: consoles always do.
 */
export async function checkSeen(
  tx: Tx,
  command: Command,
  conversation: Conversation | null,
  agentId: string,
  nowMs: number,
): Promise<Seen> {
  if ((command.type !== 'reply' && command.type !== 'note') || !conversation || command.seenMessageId === undefined) {
    return { seenSeq: null, problem: null };
  }
  const at = command.at ?? nowMs;
  const { id: conversationId, channelKind } = conversation;
  const seenSeq =
    command.seenMessageId === null
      ? 0
      : ((await findSeenSeq(tx, command.seenMessageId, { conversationId, agentId, at })) ??
        (await findRestoredSeq(tx, at)));
  if (seenSeq === null) {
    const message = 'must be a message of this conversation, or null when there was none';
    return { seenSeq, problem: { kind: 'invalid', errors: [{ path: 'seenMessageId', message }] } };
  }
  if (command.type === 'note') return { seenSeq, problem: null };
  const customersBefore = customersHoldBefore(channelKind, { seenSeq, at, receivedAt: nowMs });
  const check = { key: command.id, conversationId, authorId: agentId, seenSeq, customersBefore, ownSeq: null };
  const unseen = (await findUnseen(tx, [check])).get(command.id);
  return { seenSeq, problem: unseen ? { kind: 'unseen', ...unseen } : null };
}
