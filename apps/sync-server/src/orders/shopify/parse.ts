import type { z } from 'zod';
import { type InboundEvent, type IncomingOrder, ParseError, type RawWebhook } from '../../connector.ts';
import { parseLosslessJson } from '../lossless-json.ts';
import { deletedBodySchema, fulfilmentBodySchema, orderBodySchema, refundBodySchema } from './schema.ts';
import { toOrder } from './to-order.ts';
import { toFulfilments, toRefund } from './to-parts.ts';
import { readHeader, readTopic } from './verify.ts';

// All of these carry the whole order.
const ORDER_TOPICS = new Set(
  ['create', 'updated', 'paid', 'partially_fulfilled', 'fulfilled', 'cancelled', 'edited'].map(
    (action) => `orders/${action}`,
  ),
);

/**
 * Reads a genuine request of Shopify. One request is one resource, but a fulfilment with several parcels gives several
 * events. Topics that tell nothing about orders, refunds or fulfilments are `ignored`.
 *
 * @throws ParseError naming the field that is missing or cannot be read.
 */
export function parseShopify(request: RawWebhook, receivedAtMs: number): InboundEvent[] {
  const topic = readTopic(request.headers) ?? '';
  const body = readBody(request.body);
  const at = readTriggeredAt(request.headers) ?? receivedAtMs;
  if (topic === 'orders/delete') return [{ type: 'order-deleted', externalId: check(deletedBodySchema, body).id, at }];
  // Shopify's own `orders/edited` body lists only what was added and removed; `orders/updated` brings the result.
  if (topic === 'orders/edited' && isEdit(body))
    return [{ type: 'ignored', reason: 'the edited order comes with orders/updated' }];
  if (ORDER_TOPICS.has(topic)) return [{ type: 'order', order: toOrder(check(orderBodySchema, body)) }];
  if (topic === 'refunds/create') return [parseRefund(body, at)];
  if (topic === 'fulfillments/create' || topic === 'fulfillments/update') return parseFulfilment(body, at);
  return [{ type: 'ignored', reason: `topic "${topic}" changes nothing here` }];
}

/**
 * Reads the answer of the order API, `{"order": {…}}`.
 *
 * @throws ParseError as above.
 */
export function parseOrderAnswer(body: Buffer): IncomingOrder {
  const { order } = readBody(body) as { order?: unknown };
  return toOrder(check(orderBodySchema, order));
}

function parseRefund(body: unknown, at: number): InboundEvent {
  const refund = check(refundBodySchema, body);
  const orderExternalId = requireOrderId(refund.order_id);
  return {
    type: 'refund',
    orderExternalId,
    refund: toRefund(refund, '', null, at),
    updatedAt: refund.created_at ?? at,
  };
}

function parseFulfilment(body: unknown, at: number): InboundEvent[] {
  const fulfilment = check(fulfilmentBodySchema, body);
  const orderExternalId = requireOrderId(fulfilment.order_id);
  return toFulfilments(fulfilment, at).map((parcel) => ({ type: 'fulfilment', orderExternalId, fulfilment: parcel }));
}

function requireOrderId(id: string | null): string {
  if (id === null) throw new ParseError('order_id is missing.');
  return id;
}

function readBody(body: Buffer): unknown {
  try {
    return parseLosslessJson(body.toString('utf8'));
  } catch (error) {
    throw new ParseError('The body is not JSON.', { cause: error });
  }
}

/** When the event happened. Unsigned, so it decides nothing that a signed field tells. */
function readTriggeredAt(headers: RawWebhook['headers']): number | null {
  const at = Date.parse(readHeader(headers, 'triggered-at') ?? '');
  return Number.isNaN(at) ? null : at;
}

function isEdit(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'order_edit' in body;
}

function check<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('') ?? '';
  throw new ParseError(
    path === '' ? 'The body is not an object.' : `${path.slice(1)} ${issue?.message ?? 'cannot be read'}.`,
  );
}
