import { toPreview } from '@tradewind/shared/commands/definition';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import type { Stored } from '../db/documents.ts';
import { type SendTrouble, toSendTrouble } from '../desk/send-troubles.ts';

interface EventBase {
  conversationId: string;
  /** Its place in the change log, by which what was judged before is told from what is new. */
  seq: number;
}

/** Something that happened on the desk and may concern this agent. */
export type DeskEvent =
  | (EventBase & { kind: 'message'; messageId: string; preview: string; files: number })
  | (EventBase & { kind: 'assigned' })
  | (EventBase & { kind: 'mention'; messageId: string; preview: string; authorId: string | null })
  | (EventBase & { kind: 'failed'; messageId: string; preview: string; trouble: SendTrouble });

/**
 * What a message that came or changed means to this agent.
 *
 * A message counts from its first appearance in the log, so that reading the log again makes no old message new.
 *
 * @param before - as this device held it; undefined when it did not.
 */
export function fromMessage(
  message: Stored<Message>,
  before: Stored<Message> | undefined,
  agentId: string,
): DeskEvent | null {
  const { conversationId, id: messageId, deleted } = message;
  if (deleted) return null;
  const preview = toPreview(message.text);
  if (message.kind === 'note') {
    const isNew = !before && message.authorId !== agentId && message.mentions.includes(agentId);
    const { authorId } = message;
    return isNew ? { kind: 'mention', conversationId, seq: message.createdSeq, messageId, preview, authorId } : null;
  }
  if (message.direction === 'in' && message.authorType === 'customer' && message.kind !== 'event') {
    const files = message.attachments.length;
    return before ? null : { kind: 'message', conversationId, seq: message.createdSeq, messageId, preview, files };
  }
  const trouble = toSendTrouble(message);
  if (message.authorId !== agentId || trouble === null || (before && toSendTrouble(before) === trouble)) return null;
  return { kind: 'failed', conversationId, seq: message.replicaSeq, messageId, preview, trouble };
}

/** Whether a conversation that came or changed has become this agent's. Who did that is not in it. */
export function fromConversation(
  { id, assigneeId, replicaSeq }: Stored<Conversation>,
  before: Stored<Conversation> | undefined,
  agentId: string,
): DeskEvent | null {
  if (assigneeId !== agentId || before?.assigneeId === agentId) return null;
  return { kind: 'assigned', conversationId: id, seq: replicaSeq };
}
