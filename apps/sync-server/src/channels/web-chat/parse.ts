import { type InboundEvent, ParseError, type RawWebhook } from '../../connector.ts';
import { isMailAddress } from '../../mail/addresses.ts';
import { type ChatRequest, chatEventSchema, isChatEventType } from '../chat-request.ts';
import { toPhone } from './identity.ts';
import { readChatRequest } from './verify.ts';

/**
 * Turns news of a visitor into events, in the order in which they were given. Who the visitor is comes before what he says,
 * so that a message finds its customer.
 *
 * @throws ParseError when the body, or an event of a known type, cannot be read.
 */
export function parseWebChat(request: RawWebhook, receivedAtMs: number): InboundEvent[] {
  const body = readChatRequest(request.body);
  if (!body) throw new ParseError('The body is not a chat request.');
  return body.events.flatMap((event) => parseEvent(body, event, receivedAtMs));
}

function parseEvent(request: ChatRequest, given: { type: string }, receivedAtMs: number): InboundEvent[] {
  if (!isChatEventType(given.type)) return [{ type: 'ignored', reason: `unknown type of event: ${given.type}` }];
  const parsed = chatEventSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ParseError(`A ${given.type} event cannot be read: ${issue?.path.join('.')} ${issue?.message}`);
  }
  const event = parsed.data;
  const { visitor } = request;
  // A time from the future is a wrong clock: nothing is older than its receipt.
  const at = Math.min(event.at ?? receivedAtMs, receivedAtMs);
  switch (event.type) {
    case 'message':
      return [
        toVisitor(request, {}, at),
        {
          type: 'message',
          externalId: `${visitor}/${event.id}`,
          medium: 'chat',
          sender: { kind: 'external', value: visitor, name: request.vouched?.name ?? '' },
          from: { name: request.vouched?.name ?? '', address: visitor },
          to: [],
          cc: [],
          replyTo: [],
          subject: '',
          text: event.text,
          html: null,
          attachments: [],
          uploadIds: event.attachmentIds,
          references: [],
          sentAt: at,
        },
      ];
    case 'profile':
      return [toVisitor(request, event, at)];
    case 'receipt':
      return [
        ...event.delivered.map((id) => toReceipt(visitor, id, 'delivered', at)),
        ...event.read.map((id) => toReceipt(visitor, id, 'read', at)),
      ];
    case 'rating':
      return [
        {
          type: 'rating',
          visitor,
          conversationId: event.conversationId,
          score: event.score,
          comment: event.comment,
          at,
        },
      ];
  }
}

function toVisitor(
  { visitor, vouched, language, page }: ChatRequest,
  claimed: { name?: string | undefined; email?: string | undefined; phone?: string | undefined },
  at: number,
): InboundEvent {
  const email = vouched?.email?.trim().toLowerCase() ?? '';
  return {
    type: 'visitor',
    visitor,
    vouched: vouched
      ? { ...vouched, email: isMailAddress(email) ? email : null, phone: toPhone(vouched.phone ?? '') }
      : null,
    claimed: { name: claimed.name ?? null, email: claimed.email ?? null, phone: claimed.phone ?? null },
    language: language ?? null,
    page: page ?? null,
    at,
  };
}

function toReceipt(visitor: string, id: string, outcome: 'delivered' | 'read', at: number): InboundEvent {
  return { type: 'delivery', externalId: id, outcome, failure: null, recipient: visitor, at };
}
