import { toPreview } from '@tradewind/shared/commands/definition';
import type { Conversation } from '@tradewind/shared/schemas/conversation';

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
