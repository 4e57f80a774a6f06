import type { InboundEvent } from '../connector.ts';
import { visitorReference } from '../db/visitor-reference.ts';
import type { EventOutcome } from './outcome.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { Wanted } from './wanted.ts';

type RatingEvent = Extract<InboundEvent, { type: 'rating' }>;

export function wantForRating(event: RatingEvent, wanted: Wanted): void {
  wanted.threadIds.add(visitorReference(event.visitor));
}

/** What a visitor thinks of a conversation of his own; the first word stands. */
export function applyRating(work: UnitOfWork, event: RatingEvent): EventOutcome {
  const own = work.conversationsByReference.get(visitorReference(event.visitor)) ?? [];
  const conversation = own.find((one) => one.id === event.conversationId);
  if (!conversation)
    return { state: 'ignored', reason: 'the rating is about a conversation that is not the visitor’s' };
  if (conversation.satisfaction) return { state: 'duplicate', reason: 'this conversation has been rated' };
  const { score, comment, at } = event;
  work.putConversation({ ...conversation, satisfaction: { score, comment, at } });
  return { state: 'processed' };
}
