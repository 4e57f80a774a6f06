import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import { NOW_MS, shopRequest } from '../../../test/shopify-webhooks.ts';
import { type InboundEvent, type IncomingOrder, ParseError } from '../../connector.ts';
import fulfilmentFixture from './fixtures/fulfilment.json' with { type: 'json' };
import orderFixture from './fixtures/order.json' with { type: 'json' };
import refundFixture from './fixtures/refund.json' with { type: 'json' };
import { parseShopify } from './parse.ts';

const { order } = orderFixture;
const { refund } = refundFixture;
const { fulfillment } = fulfilmentFixture;
const parse = (topic: string, payload: unknown): InboundEvent[] => parseShopify(shopRequest(topic, payload), NOW_MS);

function parseOrder(patch: object = {}, topic = 'orders/updated'): IncomingOrder {
  const [event] = parse(topic, { ...order, ...patch });
  if (event?.type !== 'order') throw new Error(`a ${event?.type}`);
  return event.order;
}

test('the sample of the platform facts: a guest’s order in yen', () => {
  expect(parseOrder()).toEqual({
    externalId: '5500000000001',
    number: '#1001',
    status: 'processing',
    financialStatus: 'partially_refunded',
    fulfilmentStatus: null,
    cancelledAt: null,
    cancelReason: null,
    currency: 'JPY',
    totalMinor: 3_300,
    currentTotalMinor: 2_200,
    subtotalMinor: 0,
    taxMinor: 0,
    discountMinor: 0,
    refundedMinor: 1_100,
    refunds: [
      {
        externalId: '880000000001',
        amountMinor: 1_100,
        currency: 'JPY',
        note: '',
        createdAt: 1_767_231_000_000,
        lines: [],
      },
    ],
    lines: [
      {
        externalId: '14000000000001',
        title: '抹茶セット',
        sku: '',
        quantity: 3,
        currentQuantity: 2,
        unitPriceMinor: 1_100,
        productId: null,
        variantId: null,
      },
    ],
    fulfilments: [],
    email: null,
    phone: null,
    shippingAddress: null,
    note: '',
    tags: [],
    placedAt: 1_767_225_600_000,
    externalUpdatedAt: 1_767_231_000_000,
    test: false,
    customer: { externalId: null, name: '', email: null, phone: null },
  });
});

test.each(['create', 'updated', 'update', 'paid', 'partially_fulfilled', 'fulfilled', 'cancelled', 'edited'])(
  'orders/%s is an order',
  (action) => {
    expect(parseOrder({}, `orders/${action}`).externalId).toBe('5500000000001');
  },
);

test.each([
  ['JPY', '23600', 23_600],
  ['JPY', '1200.00', 1_200],
  ['KWD', '12.345', 12_345],
  ['KWD', '12.3', 12_300],
  ['USD', '19.99', 1_999],
  ['usd', '0.1', 10],
  ['EUR', 195.66, 19_566],
  ['USD', '-5.00', -500],
])('[R13] %s %j is %i minor units', (currency, total_price, totalMinor) => {
  expect(parseOrder({ currency, total_price, refunds: [] }).totalMinor).toBe(totalMinor);
});

test('[R13] the total is the shop’s, not what the buyer saw', () => {
  const presentment = {
    total_price_set: {
      shop_money: { amount: '3300', currency_code: 'JPY' },
      presentment_money: { amount: '21.50', currency_code: 'USD' },
    },
  };
  expect(parseOrder({ presentment_currency: 'USD', ...presentment })).toMatchObject({
    currency: 'JPY',
    totalMinor: 3_300,
  });
  expect(parseOrder({ currency: null, total_price: null, ...presentment })).toMatchObject({
    currency: 'JPY',
    totalMinor: 3_300,
  });
});

test('ids beyond 2^53 stay exact', () => {
  const text = JSON.stringify(order)
    .replace('5500000000001', '9007199254740993123')
    .replace('14000000000001', '18446744073709551615');
  const [event] = parse('orders/create', text);
  expect(event).toMatchObject({
    order: { externalId: '9007199254740993123', lines: [{ externalId: '18446744073709551615' }] },
  });
});

test.each<[object, string]>([
  [{ currency: null, total_price_set: null }, 'currency is missing.'],
  [{ currency: '¥' }, 'currency is not a currency code: "¥".'],
  [{ total_price: 'abc' }, 'total_price is not an amount: "abc".'],
  [{ total_price: '1e3' }, 'total_price is not an amount: "1e3".'],
  [{ total_price: '9'.repeat(30) }, `total_price is not an amount: "${'9'.repeat(30)}".`],
  [{ total_price: null, total_price_set: null }, 'total_price is missing.'],
  [{ total_price: {} }, 'total_price is not an amount.'],
  [{ current_total_price: '' }, 'current_total_price is missing.'],
  [{ updated_at: 'yesterday' }, 'updated_at is not a date with a time zone.'],
  [{ updated_at: '2026-01-01T10:30:00' }, 'updated_at is not a date with a time zone.'],
  [{ updated_at: '2026-13-01T10:30:00Z' }, 'updated_at is not a date with a time zone.'],
  [{ updated_at: null, created_at: null }, 'updated_at is missing.'],
  [{ cancelled_at: 'x' }, 'cancelled_at is not a date with a time zone.'],
  [{ id: null }, 'id is missing.'],
  [{ id: 'abc' }, 'id is not an id.'],
  [{ id: {} }, 'id is not an id.'],
  [{ line_items: [{ ...order.line_items[0], price: 'free' }] }, 'line_items[0].price is not an amount: "free".'],
  [{ line_items: [{ ...order.line_items[0], quantity: 'many' }] }, 'line_items[0].quantity is not a whole number.'],
  [{ line_items: 'none' }, 'line_items is not a list.'],
  [
    { refunds: [{ id: 1, transactions: [{ kind: 'refund', status: 'success', amount: null }] }] },
    'refunds[0].transactions[0].amount is missing.',
  ],
])('[R4] %j cannot be read: %s', (patch, sentence) => {
  const error = (() => {
    try {
      return parseOrder(patch);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ParseError);
  expect((error as Error).message).toBe(sentence);
});

test('the smallest order of the facts is enough', () => {
  const [event] = parse(
    'orders/updated',
    '{"id":5500000000001,"name":"#1001","currency":"JPY","total_price":"1200","updated_at":"2026-01-01T09:00:00+09:00"}',
  );
  expect(event).toMatchObject({
    order: { totalMinor: 1_200, currentTotalMinor: 1_200, placedAt: 1_767_225_600_000, status: 'pending', lines: [] },
  });
});

test.each<[string, object, IncomingOrder['customer']]>([
  [
    'a customer',
    {
      customer: { id: 42, first_name: 'Mei', last_name: 'Han', email: 'Mei@Example.com', phone: '+81 (90) 1234-5678' },
    },
    { externalId: '42', name: 'Mei Han', email: 'mei@example.com', phone: '+819012345678' },
  ],
  [
    'a customer without an id',
    { email: 'g@example.com', customer: { id: null } },
    { externalId: null, name: '', email: 'g@example.com', phone: null },
  ],
  [
    'a guest with an address',
    { phone: '090-1234-5678', shipping_address: { first_name: '雷', last_name: '李' } },
    { externalId: null, name: '李雷', email: null, phone: null },
  ],
  [
    'no address at all',
    { customer: undefined, email: null, contact_email: 'not one' },
    { externalId: null, name: '', email: null, phone: null },
  ],
])('the buyer is %s', (_what, patch, customer) => {
  expect(parseOrder(patch).customer).toEqual(customer);
});

test('titles and notes are text, whatever they look like; U+0000 goes', () => {
  const title = '<script>alert(1)</script>\u0000 😟';
  const { lines, note, tags } = parseOrder({
    line_items: [{ ...order.line_items[0], title }],
    note: `a\u0000\nb`,
    tags: 'vip,  , gift ',
  });
  expect(lines[0]?.title).toBe('<script>alert(1)</script> 😟');
  expect({ note, tags }).toEqual({ note: 'a\nb', tags: ['vip', 'gift'] });
});

test('[R13] a refund is the sum of its successful transactions, each once', () => {
  expect(parse('refunds/create', refund)).toEqual([
    {
      type: 'refund',
      orderExternalId: '5500000000001',
      updatedAt: 1_767_312_000_000,
      refund: {
        externalId: '880000000002',
        amountMinor: 10_005,
        currency: 'USD',
        note: 'broken',
        createdAt: 1_767_312_000_000,
        lines: [{ lineExternalId: '14000000000001', quantity: 1, subtotalMinor: 19_567 }],
      },
    },
  ]);
  expect(parse('refunds/create', { ...refund, transactions: [], refund_line_items: [] })).toMatchObject([
    { refund: { amountMinor: 0 } },
  ]);
});

test('[R2] a refund listed twice counts once', () => {
  expect(parseOrder({ refunds: [...order.refunds, ...order.refunds] })).toMatchObject({
    refundedMinor: 1_100,
    refunds: [{}],
  });
});

test('a refund or fulfilment that names no order cannot be read', () => {
  expect(() => parse('refunds/create', { ...refund, order_id: null })).toThrow('order_id is missing.');
  expect(() => parse('fulfillments/update', { ...fulfillment, order_id: undefined })).toThrow('order_id is missing.');
});

test('a fulfilment of two parcels is two, and only http addresses become links', () => {
  const parcel = { carrier: 'Yamato', status: 'success', shipmentStatus: 'in_transit', updatedAt: 1_767_402_000_000 };
  expect(parse('fulfillments/create', fulfillment)).toEqual([
    {
      type: 'fulfilment',
      orderExternalId: '5500000000001',
      fulfilment: { ...parcel, externalId: '770000000001', trackingNumber: 'TN1', url: 'https://track.example/TN1' },
    },
    {
      type: 'fulfilment',
      orderExternalId: '5500000000001',
      fulfilment: { ...parcel, externalId: '770000000001/2', trackingNumber: 'TN2', url: null },
    },
  ]);
  const { tracking_numbers: _numbers, tracking_urls: _urls, ...older } = fulfillment;
  expect(parse('fulfillments/update', older)).toMatchObject([
    { fulfilment: { trackingNumber: 'TN1', url: 'https://track.example/TN1' } },
  ]);
  expect(parseOrder({ fulfillments: [fulfillment] }).fulfilments).toHaveLength(2);
});

test('a deleted order has the time of its event', () => {
  expect(parse('orders/delete', { id: 5 })).toEqual([
    { type: 'order-deleted', externalId: '5', at: 1_767_258_000_123 },
  ]);
  const undated = shopRequest('orders/delete', { id: 5 }, { 'x-shopify-triggered-at': 'soon' });
  expect(parseShopify(undated, NOW_MS)).toMatchObject([{ at: NOW_MS }]);
});

test.each([
  'customers/update',
  'products/create',
  'fulfillment_events/create',
  'order_transactions/create',
  'customers/redact',
  '',
])('topic "%s" is ignored', (topic) => {
  expect(parse(topic, { id: 1 })).toMatchObject([{ type: 'ignored' }]);
});

test('an edit that lists only changes is ignored', () => {
  expect(parse('orders/edited', { order_edit: { order_id: 5, line_items: {} } })).toMatchObject([{ type: 'ignored' }]);
});

test('escaped JSON means the same', () => {
  const escaped = JSON.stringify(order)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  expect(parse('orders/updated', escaped)).toEqual([{ type: 'order', order: parseOrder() }]);
});

test('[R4] 3,000 damaged bodies: nothing is thrown but ParseError', () => {
  const random = createRandom(20_260_102);
  const seeds: [string, string][] = [
    ['orders/updated', JSON.stringify({ ...order, fulfillments: [fulfillment] })],
    ['refunds/create', JSON.stringify(refund)],
    ['fulfillments/update', JSON.stringify(fulfillment)],
  ];
  const values = [
    'null',
    '""',
    '-1',
    '1e999',
    '{}',
    '[]',
    'true',
    '"\\ud800"',
    '"\\u0000"',
    '99999999999999999999',
    '"2026-01-01"',
    '{"__proto__":1}',
  ];
  for (let round = 0; round < 3_000; round++) {
    const [topic, json] = pick(random, seeds);
    const targets = [...json.matchAll(/:("[^"]*"|-?[\d.]+|null|true|false|\[\]|\{\})/g)];
    const target = pick(random, targets);
    const whole = json.slice(0, target.index + 1) + pick(random, values) + json.slice(target.index + target[0].length);
    const text = random() < 0.2 ? whole.slice(0, Math.floor(random() * whole.length)) : whole;
    try {
      expect(JSON.stringify(parse(topic, text))).not.toMatch(/\\u0000|\\ud800|null,"minor|NaN|Infinity/);
    } catch (error) {
      if (!(error instanceof ParseError)) throw new Error(`round ${round}: ${text}`, { cause: error });
    }
  }
  expect(() => parse('orders/updated', '['.repeat(1_000_000))).toThrow(ParseError);
  expect(() => parse('orders/updated', `{"id":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toThrow(ParseError);
});
