import { createHmac } from 'node:crypto';

export const SHOPIFY_SECRET = 'bench-client-secret';
export const MAILGUN_KEY = 'bench-signing-key';
export const SHOP_DOMAIN = 'bench.myshopify.com';
const BODY_BYTES = 1024;

function toRequest(path: string, headers: Record<string, string>, body: string): Buffer {
  const lines = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': String(Buffer.byteLength(body)) });
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`,
  );
}

/** A signed `orders/create` of 1 KB; `index` makes order and event unique. */
export function buildShopifyRequest(path: string, index: number): Buffer {
  const order = {
    id: 5_500_000_000_000 + index,
    name: `#${index}`,
    email: `buyer${index % 5_000}@example.com`,
    currency: 'JPY',
    total_price: '3300',
    current_total_price: '3300',
    subtotal_price: '3300',
    financial_status: 'paid',
    fulfillment_status: null,
    created_at: '2026-01-01T09:00:00+09:00',
    updated_at: '2026-01-01T10:30:00+09:00',
    customer: { id: 7_000_000_000_000 + (index % 5_000), first_name: 'Hana', last_name: 'Sato' },
    line_items: [{ id: 14_000_000_000_000 + index, title: '抹茶セット', quantity: 3, price: '1100', sku: 'M-3' }],
    refunds: [],
    fulfillments: [],
    note: '',
  };
  const bare = JSON.stringify(order);
  const body = JSON.stringify({ ...order, note: 'n'.repeat(Math.max(0, BODY_BYTES - Buffer.byteLength(bare))) });
  const signature = createHmac('sha256', SHOPIFY_SECRET).update(body).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-hmac-sha256': signature,
    'x-shopify-shop-domain': SHOP_DOMAIN,
    'x-shopify-event-id': `event-${index}`,
  };
  return toRequest(path, headers, body);
}

/** A signed inbound form of 1 KB; `index` makes mail and token unique. */
export function buildMailgunRequest(path: string, index: number): Buffer {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const token = String(index).padStart(50, 't');
  const sender = `customer${index % 5_000}@example.com`;
  const fields = new URLSearchParams({
    recipient: 'support@bench.example',
    sender,
    from: `Customer <${sender}>`,
    subject: `Where is my parcel ${index}`,
    'body-plain': 'Hello, my parcel has not arrived yet. ',
    'message-headers': JSON.stringify([['Message-Id', `<bench-${index}@example.com>`]]),
    timestamp,
    token,
    signature: createHmac('sha256', MAILGUN_KEY)
      .update(timestamp + token)
      .digest('hex'),
  });
  const missing = BODY_BYTES - fields.toString().length;
  if (missing > 0) fields.set('body-plain', `${fields.get('body-plain')}${'x'.repeat(missing)}`);
  return toRequest(path, { 'content-type': 'application/x-www-form-urlencoded' }, fields.toString());
}

/** The fields of an inbound mail with a subject to look for. */
export function buildMailgunForm(index: number, subject: string): URLSearchParams {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const token = String(index).padStart(50, 'l');
  return new URLSearchParams({
    from: `Customer <latency${index}@example.com>`,
    subject,
    'body-plain': 'x'.repeat(500),
    'message-headers': JSON.stringify([['Message-Id', `<latency-${index}@example.com>`]]),
    timestamp,
    token,
    signature: createHmac('sha256', MAILGUN_KEY)
      .update(timestamp + token)
      .digest('hex'),
  });
}

/** Requests made ahead of the measured time: signing is the platform's work, not the server's. */
export function prepare(count: number, build: (index: number) => Buffer, from: number): () => Buffer | null {
  const requests = Array.from({ length: count }, (_, index) => build(from + index));
  let at = 0;
  return () => requests[at++] ?? null;
}
