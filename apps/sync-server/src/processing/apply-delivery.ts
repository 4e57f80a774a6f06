import { mediumOf } from '@tradewind/shared/channels';
import type { InboundEvent } from '../connector.ts';
import { applyDeliveryReport } from '../domain/delivery.ts';
import type { EventOutcome } from './outcome.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { Wanted } from './wanted.ts';

type DeliveryEvent = Extract<InboundEvent, { type: 'delivery' }>;

export function wantForDelivery(event: DeliveryEvent, wanted: Wanted): void {
  wanted.messageIds.add(event.externalId);
}

/** Moves the status of one of our messages by a platform's report (R11: a report also settles an unknown outcome). */
export function applyDelivery(work: UnitOfWork, event: DeliveryEvent): EventOutcome {
  const message = work.messageByExternalId(event.externalId);
  if (!message) return { state: 'ignored', reason: 'the report is about a message that was not sent from here' };
  // A visitor's browser reports on what it was handed; nobody's receipt speaks for another's messages.
  if (mediumOf(work.account.kind) === 'chat' && !message.to.some((to) => to.address === event.recipient)) {
    return { state: 'ignored', reason: 'the report is about a message to somebody else' };
  }
  const next = applyDeliveryReport(message, event);
  if (!next) return { state: 'processed', reason: 'nothing new' };
  work.putMessage({ ...next, externalId: event.externalId });
  return { state: 'processed' };
}
