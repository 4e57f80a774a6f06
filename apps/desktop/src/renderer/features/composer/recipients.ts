import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';

/** Whom a reply goes to when the agent names nobody; the same rule as the command `reply`, shown before it is sent. */
export function toRecipients(conversation: Conversation, messages: readonly Message[]): string[] {
  const inbound = messages.findLast((message) => message.direction === 'in' && message.kind !== 'event');
  const addresses = inbound
    ? inbound.replyToAddresses.length > 0
      ? inbound.replyToAddresses
      : inbound.from
        ? [inbound.from]
        : []
    : [];
  if (addresses.length > 0) return addresses.map((address) => address.address);
  return conversation.participants.slice(0, 1);
}
