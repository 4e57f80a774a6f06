import { mediumOf } from '@tradewind/shared/channels';

/** In a chat both write at once: what the customer wrote so shortly before is no news to wait for. */
const CHAT_OVERLAP_MS = 10_000;
/** A chat reply that was under way this long was not written into the conversation as it is now. */
const CHAT_FRESH_MS = 60_000;

/**
 * Customers' messages received before this instant hold a reply whose author had not seen them (R10): in a mail thread all,
 * in a chat those that were there well before the reply came, unless it comes late. A reply whose author names no message at
 * all answers none in particular: only colleagues' words hold it.
 *
 * @param reply - what its author had seen (0: names nothing), when it was made, by his word, and when the server got it.
 */
export function customersHoldBefore(
  channelKind: string,
  reply: { seenSeq: number; at: number; receivedAt: number },
): number {
  if (reply.seenSeq === 0) return 0;
  const isFresh = reply.receivedAt - reply.at <= CHAT_FRESH_MS;
  const isChat = mediumOf(channelKind) === 'chat';
  return isChat && isFresh ? reply.receivedAt - CHAT_OVERLAP_MS : Number.MAX_SAFE_INTEGER;
}
