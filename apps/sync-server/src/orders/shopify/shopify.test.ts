import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { config, EXAMPLE, NOW_MS, shopRequest } from '../../../test/shopify-webhooks.ts';
import { describeInbound } from '../../channels/connector-contract.ts';
import type { RawWebhook } from '../../connector.ts';
import { shopifyConfigSchema } from './config.ts';
import orderFixture from './fixtures/order.json' with { type: 'json' };
import refundFixture from './fixtures/refund.json' with { type: 'json' };
import { shopifyConnector } from './index.ts';
import { verifyShopify } from './verify.ts';

const { order } = orderFixture;
const genuine = shopRequest('orders/updated', order);
const unsigned = { 'x-shopify-hmac-sha256': null };

describeInbound({
  connector: shopifyConnector,
  config,
  configWithoutSecret: { ...config, clientSecret: '' },
  nowMs: NOW_MS,
  genuine,
  again: shopRequest('orders/updated', order, { 'x-shopify-webhook-id': 'webhook-2' }),
  wrongSignature: shopRequest('orders/updated', order, { 'x-shopify-hmac-sha256': EXAMPLE.signature }),
  withoutSignature: shopRequest('orders/updated', order, unsigned),
  changedByte: { ...genuine, body: Buffer.from(genuine.body.toString().replace('"3300"', '"3301"')) },
  batch: null,
  lateEcho: {
    request: shopRequest('refunds/create', refundFixture.refund),
    type: 'refund',
    externalId: '5500000000001',
  },
  unknownType: shopRequest('app/uninstalled', { id: 1, domain: 'example.myshopify.com' }),
});

const statusOf = (request: RawWebhook) => {
  const verdict = verifyShopify(request, config);
  return verdict.ok ? 200 : verdict.status;
};
const factsOf = (request: RawWebhook) => {
  const verdict = verifyShopify(request, config);
  return verdict.ok ? verdict.facts : null;
};

test('[R3] the worked example of the platform facts, in base64 only', () => {
  const example = (signature: string) =>
    statusOf(shopRequest('orders/updated', EXAMPLE.body, { 'x-shopify-hmac-sha256': signature }));
  const hex = createHmac('sha256', EXAMPLE.secret).update(EXAMPLE.body).digest('hex');
  expect(hex).toMatch(/^66119bd754f1d977/);
  expect(example(EXAMPLE.signature)).toBe(200);
  for (const bad of [
    hex,
    hex.toUpperCase(),
    Buffer.from(hex).toString('base64'),
    EXAMPLE.signature.slice(0, -1),
    `${EXAMPLE.signature}=`,
    `${EXAMPLE.signature}, ${EXAMPLE.signature}`,
    EXAMPLE.signature.replaceAll('+', '-'),
    'ü'.repeat(44),
    '====',
    ' ',
  ]) {
    expect(example(bad)).toBe(401);
  }
});

test('[R3] a request of another shop is refused although its signature is good', () => {
  const from = (shop: string | null) =>
    statusOf(shopRequest('orders/updated', order, { 'x-shopify-shop-domain': shop }));
  expect(from('EXAMPLE.myshopify.com')).toBe(200);
  expect(from('other.myshopify.com')).toBe(403);
  expect(from('example.myshopify.com.evil.example')).toBe(403);
  expect(from(null)).toBe(403);
});

test.each([
  ['no topic', shopRequest('', order)],
  ['an empty body', shopRequest('orders/updated', '')],
  ['no JSON', shopRequest('orders/updated', 'id=1')],
  ['cut-off JSON', shopRequest('orders/updated', '{"id":1,')],
  ['a list', shopRequest('orders/updated', [order])],
  ['null', shopRequest('orders/updated', 'null')],
])('genuine, but %s: 400', (_what, request) => {
  expect(statusOf(request)).toBe(400);
});

test('both flavours of headers and topics are one', () => {
  const newer = Object.fromEntries(
    Object.entries(genuine.headers).map(([name, value]) => [name.replace(/^x-shopify-/, 'shopify-'), value]),
  );
  expect(factsOf({ ...genuine, headers: { ...newer, 'shopify-topic': 'orders/update' } })).toEqual(factsOf(genuine));
});

test.each<[string, string, unknown, Record<string, string | null>, object]>([
  [
    'an order',
    'orders/updated',
    { id: 5500000000001 },
    {},
    { laneKey: '5500000000001', dedupeKey: 'orders/updated:5500000000001:event-1' },
  ],
  ['an id beyond 2^53', 'orders/updated', '{"id":55000000000000000001}', {}, { laneKey: '55000000000000000001' }],
  ['a refund', 'refunds/create', { id: 7, order_id: 5 }, {}, { laneKey: '5', dedupeKey: 'refunds/create:7:event-1' }],
  [
    'a refund of an order beyond 2^53',
    'refunds/create',
    '{"id":7,"order_id":9007199254740993}',
    {},
    { laneKey: '9007199254740993' },
  ],
  ['an edit', 'orders/edited', { order_edit: { id: 3, order_id: 5 } }, {}, { laneKey: '5' }],
  [
    'an event without event id',
    'orders/paid',
    { id: 1 },
    { 'x-shopify-event-id': null },
    { dedupeKey: 'orders/paid:1:webhook-1' },
  ],
  ['something without id', 'shop/update', { name: 'x' }, {}, { laneKey: 'shop/update' }],
])('%s is described for ingest', (_what, topic, payload, headers, facts) => {
  expect(factsOf(shopRequest(topic, payload, headers))).toMatchObject(facts);
});

test('without any id of Shopify the body is the key', () => {
  const bare = { 'x-shopify-event-id': null, 'x-shopify-webhook-id': null };
  const keyOf = (payload: unknown) => factsOf(shopRequest('orders/updated', payload, bare))?.dedupeKey;
  expect(keyOf(order)).toMatch(/^orders\/updated:5500000000001:[0-9a-f]{64}$/);
  expect(keyOf({ ...order, note: 'x' })).not.toBe(keyOf(order));
});

test('[R2] one event id with two topics is two events', () => {
  expect(factsOf(shopRequest('orders/paid', order))?.dedupeKey).not.toBe(factsOf(genuine)?.dedupeKey);
});

test('the configuration takes what people paste and names what is wrong', () => {
  const shopOf = (shop: string) => shopifyConfigSchema.safeParse({ clientSecret: 's', shop }).data?.shop;
  expect(shopOf(' https://Name.myshopify.com/admin?x ')).toBe('name.myshopify.com');
  expect(shopOf('name.myshopify.com:443')).toBe('name.myshopify.com');
  expect(shopOf('name')).toBeUndefined();
  expect(shopOf('a b.myshopify.com')).toBeUndefined();
  const unknown = shopifyConfigSchema.safeParse({ clientSecret: 's', shop: 'a.example', secret: 'x' }).error?.issues[0];
  expect(unknown).toMatchObject({ code: 'unrecognized_keys', keys: ['secret'] });
  expect(shopifyConfigSchema.parse({ clientSecret: 's', shop: 'a.example' })).toEqual({
    clientSecret: 's',
    shop: 'a.example',
    apiVersion: '2026-07',
    pollMinutes: 10,
    apiBaseUrl: 'https://a.example',
  });
});
