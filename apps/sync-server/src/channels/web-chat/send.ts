import type { OutboundMessage, SendResult } from '../../connector.ts';

/**
 * A message for a visitor lies where he reads it: in our own database. Saying so is all there is to do, any number of
 * times; the chat feed hands it to his browser when he has one open, and his receipts tell the rest.
 */
export function sendToVisitor(message: OutboundMessage): Promise<SendResult> {
  return Promise.resolve({ status: 'sent', externalId: message.externalId });
}
