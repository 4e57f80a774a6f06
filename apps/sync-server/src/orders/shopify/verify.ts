import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { RawWebhook, VerifyResult } from '../../connector.ts';
import { parseLosslessJson } from '../lossless-json.ts';
import { type ShopifyConfig, toShopDomain } from './config.ts';

/**
 * Proves a request of Shopify genuine (platforms/shopify.md): base64 HMAC-SHA256 over the raw body, then the shop.
 *
 * 401 no or a wrong signature, 403 another shop, 400 a genuine request that is none: no topic, no JSON object.
 */
export function verifyShopify(request: RawWebhook, config: ShopifyConfig): VerifyResult {
  if (config.clientSecret === '') return reject(401, 'no client secret is configured');
  const signature = readHeader(request.headers, 'hmac-sha256');
  if (signature === null) return reject(401, 'the signature header is missing');
  if (!isSigned(request.body, signature, config.clientSecret)) return reject(401, 'the signature is wrong');
  const shop = readHeader(request.headers, 'shop-domain');
  if (shop === null || toShopDomain(shop) !== config.shop) return reject(403, 'the request is from another shop');
  const topic = readTopic(request.headers);
  if (topic === null) return reject(400, 'the topic header is missing');
  if (request.body.length === 0) return reject(400, 'the body is empty');
  const resourceId = readResourceId(request.body, topic);
  if (resourceId === null) return reject(400, 'the body is not a JSON object');
  const eventId = readHeader(request.headers, 'event-id') ?? readHeader(request.headers, 'webhook-id');
  // One event id is shared by all topics an event triggers, and nothing says that it cannot cover several resources.
  const id = eventId ?? hash('sha256', request.body, 'hex');
  return {
    ok: true,
    facts: {
      topic,
      laneKey: resourceId.lane === '' ? topic : resourceId.lane,
      dedupeKey: `${topic}:${resourceId.own}:${id}`.slice(0, 500),
    },
  };
}

/** Reads a header of either flavour: `x-shopify-topic`, or `shopify-topic` of the newer one; null when absent or empty. */
export function readHeader(headers: RawWebhook['headers'], name: string): string | null {
  const value = (headers[`x-shopify-${name}`] ?? headers[`shopify-${name}`] ?? '').trim();
  return value === '' ? null : value;
}

/** The topic in the words of the older flavour: the newer one says `orders/update` for `orders/updated`. */
export function readTopic(headers: RawWebhook['headers']): string | null {
  const topic = readHeader(headers, 'topic')?.toLowerCase().slice(0, 100) ?? null;
  return topic === 'orders/update' ? 'orders/updated' : topic;
}

function isSigned(body: Buffer, signature: string, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  // 32 bytes are 43 characters and one `=`; the pattern keeps out the hex form, whose characters are base64 too.
  const wellFormed = /^[A-Za-z0-9+/]{43}=$/.test(signature);
  const given = wellFormed ? Buffer.from(signature, 'base64') : Buffer.alloc(expected.length);
  return timingSafeEqual(given, expected) && wellFormed;
}

/**
 * The resource's own id and the id of its order, as exact text; empty where there is none. Null for what is no object.
 * The plain parser is several times faster, and is right unless an id is beyond 2^53.
 */
function readResourceId(body: Buffer, topic: string): { own: string; lane: string } | null {
  const text = body.toString('utf8');
  try {
    const fast = pickIds(JSON.parse(text), topic);
    return fast === 'inexact' ? (pickIds(parseLosslessJson(text), topic) as { own: string; lane: string }) : fast;
  } catch {
    return null;
  }
}

function pickIds(resource: unknown, topic: string): { own: string; lane: string } | 'inexact' | null {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return null;
  const { id, order_id: orderId, order_edit: edit } = resource as Record<string, unknown>;
  const ids = [id, orderId, (edit as { order_id?: unknown } | null | undefined)?.order_id];
  if (ids.some((value) => typeof value === 'number' && !Number.isSafeInteger(value))) return 'inexact';
  const [own = '', ofOrder = '', ofEdit = ''] = ids.map(toIdText);
  return { own: own || ofEdit, lane: topic.startsWith('orders/') ? own || ofEdit : ofOrder || own };
}

function toIdText(id: unknown): string {
  return typeof id === 'number' || (typeof id === 'string' && /^\d{1,40}$/.test(id)) ? String(id) : '';
}

function reject(status: number, reason: string): VerifyResult {
  return { ok: false, status, reason };
}
