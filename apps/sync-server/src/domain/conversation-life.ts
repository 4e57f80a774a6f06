import { toPreview } from '@tradewind/shared/commands/definition';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';

/** A customer's message on a conversation resolved longer ago than this begins a new one. */
export const REOPEN_DAYS = 30;
const DAY_MS = 86_400_000;

export interface CustomerMessageFacts {
  id: string;
  at: number;
  text: string;
  subject: string;
  /** Addresses in From, To and Cc that are not our own account, lower-cased. */
  participants: readonly string[];
}

/** True when a message for this resolved conversation must begin a new one instead (design: Life of a conversation). */
export function isPastReopening(conversation: Conversation, atMs: number, reopenDays = REOPEN_DAYS): boolean {
  if (conversation.status !== 'resolved') return false;
  return atMs - (conversation.resolvedAt ?? conversation.lastMessageAt) > reopenDays * DAY_MS;
}

/** A new conversation, before its first message is taken in. */
export function createConversation(
  given: Pick<
    Conversation,
    'id' | 'customerId' | 'channelAccountId' | 'channelKind' | 'subject' | 'createdAt' | 'previousId'
  >,
): Conversation {
  return {
    status: 'pending',
    assigneeId: null,
    teamId: null,
    priority: 'normal',
    tags: [],
    participants: [],
    preview: '',
    lastMessageAt: given.createdAt,
    waitingSince: null,
    firstRepliedAt: null,
    resolvedAt: null,
    snoozedUntil: null,
    replyWindow: null,
    createdSeq: 0,
    ...given,
  };
}

/**
 * The conversation after a customer's message: resolved and snoozed ones come back to the agent who had them, or to
 * `pending` when nobody did; waiting counts from the oldest message nobody has answered.
 */
export function receiveCustomerMessage(conversation: Conversation, facts: CustomerMessageFacts): Conversation {
  const asleep = conversation.status === 'resolved' || conversation.status === 'snoozed';
  return {
    ...conversation,
    status: asleep ? (conversation.assigneeId ? 'open' : 'pending') : conversation.status,
    resolvedAt: null,
    snoozedUntil: null,
    subject: conversation.subject === '' ? facts.subject : conversation.subject,
    participants: [...new Set([...conversation.participants, ...facts.participants])],
    // A replayed message is older than those that came meanwhile.
    lastInboundId: facts.id,
    waitingSince: Math.min(conversation.waitingSince ?? facts.at, facts.at),
    lastMessageAt: Math.max(conversation.lastMessageAt, facts.at),
    preview:
      facts.at >= conversation.lastMessageAt ? toPreview(facts.text) || toPreview(facts.subject) : conversation.preview,
  };
}

/** A snoozed conversation whose time has come goes back to whoever had it. */
export function wakeConversation(conversation: Conversation): Conversation {
  return { ...conversation, status: conversation.assigneeId ? 'open' : 'pending', snoozedUntil: null };
}

/**
 * The conversation when a reply that was on its way is held: its customer waits on, and lists do not quote it.
 *
 * @param left.unansweredSince - receipt of the oldest message of the customer that no other reply came after.
 * @param left.newest - the newest message besides it that a list may quote.
 */
export function takeReplyBack(
  conversation: Conversation,
  left: { unansweredSince: number | null; newest: Pick<Message, 'text' | 'subject'> | null },
): Conversation {
  const isDone = conversation.status === 'resolved';
  return {
    ...conversation,
    waitingSince: isDone ? null : (conversation.waitingSince ?? left.unansweredSince),
    preview: left.newest
      ? toPreview(left.newest.text) || toPreview(left.newest.subject) || conversation.preview
      : conversation.preview,
  };
}
