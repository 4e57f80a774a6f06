import { afterEach, beforeEach, expect, test } from 'vitest';
import { computeHmac, type ReceivedRequest, type Receiver, startReceiver, toBase64 } from '../../test/receiver.ts';
import { type FaultLab, startFaultLab } from '../lab.ts';

const NOW = Date.UTC(2026, 0, 1, 1);
let lab: FaultLab;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  lab = await startFaultLab({ clock: () => NOW });
  lab.shopify.connect({
    id: 'acc',
    shop: 'tea.myshopify.com',
    clientSecret: 'shpss_1',
    accessToken: 'shpat_1',
    webhookUrl: `${receiver.url}/hook`,
  });
});
afterEach(async () => {
  await lab.close();
  await receiver.close();
});

const jpy = {
  currency: 'JPY',
  lines: [{ title: '抹茶セット', quantity: 3, price: '1100' }],
  customer: { firstName: '花子', lastName: '山田', email: 'hanako@example.jp' },
};

const topics = () => receiver.requests.map((request) => request.headers['x-shopify-topic']);
const parse = (request: ReceivedRequest | undefined) => JSON.parse(request?.body.toString('utf8') ?? 'null');

test('placing an order posts signed webhooks that share one event id', async () => {
  const { order, finished } = lab.shopify.create(jpy);
  await finished;
  expect(topics().sort()).toEqual(['orders/create', 'orders/paid']);
  const [request] = receiver.requests;
  expect(request?.headers['x-shopify-hmac-sha256']).toBe(
    toBase64(await computeHmac('shpss_1', request?.body ?? Buffer.alloc(0))),
  );
  expect(request?.headers['x-shopify-shop-domain']).toBe('tea.myshopify.com');
  expect(new Set(receiver.requests.map(({ headers }) => headers['x-shopify-event-id'])).size).toBe(1);
  expect(new Set(receiver.requests.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(2);
  expect(parse(request)).toEqual(JSON.parse(JSON.stringify(order)));
  expect(order).toMatchObject({
    name: '#1001',
    total_price: '3300',
    created_at: '2026-01-01T09:00:00+08:00',
    financial_status: 'paid',
  });
  expect(order.id).toBeGreaterThan(2 ** 32);
});

test.each([
  ['JPY', '1100', '3300'],
  ['KWD', '1.255', '3.765'],
  ['CNY', '19.9', '59.70'],
])('amounts in %s have that currency’s decimals', (currency, price, total) => {
  const { order } = lab.shopify.create({ currency, lines: [{ title: 'Tea', quantity: 3, price }] });
  expect(order.total_price).toBe(total);
  expect(order.total_price_set.shop_money).toEqual({ amount: total, currency_code: currency });
});

test('a buyer’s other currency stands in presentment_money only', () => {
  const { order } = lab.shopify.create({ ...jpy, presentment: { currency: 'USD', rate: 0.0065 } });
  expect(order.total_price_set).toEqual({
    shop_money: { amount: '3300', currency_code: 'JPY' },
    presentment_money: { amount: '21.45', currency_code: 'USD' },
  });
});

test('escaped JSON has other bytes, the same meaning, and a signature of its own', async () => {
  lab.shopify.settings.escaped = true;
  const { order, finished } = lab.shopify.create(jpy);
  await finished;
  const [request] = receiver.requests;
  expect(request?.body.toString('latin1')).toMatch(/gid:\\\/\\\/shopify.*\\u62b9/);
  expect(parse(request)).toEqual(JSON.parse(JSON.stringify(order)));
  expect(request?.headers['x-shopify-hmac-sha256']).toBe(
    toBase64(await computeHmac('shpss_1', request?.body ?? Buffer.alloc(0))),
  );
});

test('shipping in two parcels, then delivery', async () => {
  const { order } = lab.shopify.create(jpy);
  const lineId = order.line_items[0]?.id ?? 0;
  const first = lab.shopify.ship(order.id, {
    lines: [{ lineId, quantity: 1 }],
    trackingNumber: 'SF1',
    carrier: 'SF Express',
  });
  expect(first.order.fulfillment_status).toBe('partial');
  const second = lab.shopify.ship(order.id, { trackingNumber: 'SF2' });
  expect(second.order.fulfillment_status).toBe('fulfilled');
  expect(() => lab.shopify.ship(order.id)).toThrow('nothing left to ship');
  const last = lab.shopify.deliver(order.id);
  expect(last.order.fulfillments.map((parcel) => [parcel.tracking_number, parcel.shipment_status])).toEqual([
    ['SF1', 'delivered'],
    ['SF2', 'delivered'],
  ]);
  await lab.idle();
  expect(topics()).toEqual(
    expect.arrayContaining([
      'orders/partially_fulfilled',
      'orders/fulfilled',
      'fulfillments/create',
      'fulfillments/update',
    ]),
  );
});

test('each change is newer by at least a second', () => {
  const { order } = lab.shopify.create({ ...jpy, paid: false });
  const paid = lab.shopify.pay(order.id).order;
  const edited = lab.shopify.edit(order.id, { note: 'Ring twice' }).order;
  expect([order, paid, edited].map((version) => version.updated_at)).toEqual([
    '2026-01-01T09:00:00+08:00',
    '2026-01-01T09:00:01+08:00',
    '2026-01-01T09:00:02+08:00',
  ]);
});

test('a partial refund keeps the total as placed and lowers the current one', async () => {
  const { order } = lab.shopify.create(jpy);
  const lineId = order.line_items[0]?.id ?? 0;
  const refunded = lab.shopify.refund(order.id, { lines: [{ lineId, quantity: 1 }], note: 'Broken' });
  await refunded.finished;
  expect(refunded.order).toMatchObject({
    total_price: '3300',
    current_total_price: '2200',
    financial_status: 'partially_refunded',
  });
  expect(refunded.order.line_items[0]).toMatchObject({ quantity: 3, current_quantity: 2 });
  const sent = parse(receiver.requests.find((request) => request.headers['x-shopify-topic'] === 'refunds/create'));
  expect(sent).toMatchObject({
    order_id: order.id,
    transactions: [{ kind: 'refund', status: 'success', amount: '1100', currency: 'JPY' }],
  });
  expect(sent.refund_line_items[0]).toMatchObject({ subtotal: 1100, subtotal_set: { shop_money: { amount: '1100' } } });
});

test('the rest can be refunded, and no more than that', () => {
  const { order } = lab.shopify.create(jpy);
  lab.shopify.refund(order.id, { amount: '300' });
  expect(() => lab.shopify.refund(order.id, { amount: '3001' })).toThrow('has only 3000 left');
  expect(lab.shopify.refund(order.id).order).toMatchObject({ financial_status: 'refunded', current_total_price: '0' });
});

test('a refund the bank refused counts for nothing', () => {
  const { order } = lab.shopify.create(jpy);
  const refused = lab.shopify.refund(order.id, { amount: '300', failed: true }).order;
  expect(refused).toMatchObject({
    financial_status: 'paid',
    current_total_price: '3300',
    refunds: [{ transactions: [{ status: 'failure' }] }],
  });
});

test('cancelling a paid order pays it back, an unpaid one is voided', async () => {
  const paid = lab.shopify.cancel(lab.shopify.create(jpy).order.id, 'inventory');
  expect(paid.order).toMatchObject({ cancel_reason: 'inventory', financial_status: 'refunded' });
  const unpaid = lab.shopify.cancel(lab.shopify.create({ ...jpy, paid: false }).order.id);
  expect(unpaid.order).toMatchObject({ financial_status: 'voided', refunds: [] });
  await lab.idle();
  expect(topics().filter((topic) => topic === 'refunds/create')).toHaveLength(1);
});

test('editing changes quantities, adds lines, and announces what was added and removed', async () => {
  const { order } = lab.shopify.create(jpy);
  const lineId = order.line_items[0]?.id ?? 0;
  const edited = lab.shopify.edit(order.id, {
    lines: [
      { lineId, quantity: 1 },
      { title: '茶筅', price: '800', quantity: 1 },
    ],
  });
  await edited.finished;
  expect(edited.order.current_total_price).toBe('1900');
  const sent = parse(receiver.requests.find((request) => request.headers['x-shopify-topic'] === 'orders/edited'));
  expect(sent.order_edit.line_items).toMatchObject({ additions: [{ delta: 1 }], removals: [{ id: lineId, delta: 2 }] });
});

test('a change that cannot be made changes nothing', () => {
  const { order } = lab.shopify.create(jpy);
  const lineId = order.line_items[0]?.id ?? 0;
  expect(() =>
    lab.shopify.ship(order.id, {
      lines: [
        { lineId, quantity: 2 },
        { lineId, quantity: 2 },
      ],
    }),
  ).toThrow('left to ship');
  expect(lab.shopify.order(order.id).line_items[0]?.fulfillable_quantity).toBe(3);
});

test('deleting sends the id alone', async () => {
  const { order } = lab.shopify.create(jpy, { silent: true });
  await lab.shopify.delete(order.id).finished;
  expect(topics()).toEqual(['orders/delete']);
  expect(parse(receiver.requests[0])).toEqual({ id: order.id });
});

test('a built webhook is not sent; text is its exact body; the newer headers can be asked for', async () => {
  const body = '{"id":1, "note":"as it stands"}';
  const request = lab.shopify.buildWebhook('orders/updated', body, { flavour: 'events' });
  expect(request.body.toString('utf8')).toBe(body);
  expect(request.headers['shopify-Topic']).toBe('orders/update');
  expect(request.headers['shopify-Hmac-Sha256']).toBe(toBase64(await computeHmac('shpss_1', request.body)));
  expect(receiver.requests).toHaveLength(0);
});

test('webhooks are retried on any bad answer', async () => {
  lab.shopify.settings.retryScale = 0.00001;
  receiver.statuses.push(500, 404);
  const { postings } = lab.shopify.delete(lab.shopify.create(jpy, { silent: true }).order.id);
  const delivery = await postings[0]?.finished;
  expect(delivery?.attempts.map(({ status }) => status)).toEqual([500, 404, 200]);
});

test('out of order: the newer webhook comes first', async () => {
  const { order } = lab.shopify.create(jpy, { silent: true });
  lab.shopify.faults.add({ kind: 'reorder', topic: 'orders/updated' });
  lab.shopify.edit(order.id, { note: 'older' });
  lab.shopify.edit(order.id, { note: 'newer' });
  await lab.idle();
  expect(receiver.requests.map((request) => parse(request).note)).toEqual(['newer', 'older']);
});

const read = (path: string, token = 'shpat_1') =>
  fetch(`${lab.url}/shopify/admin/api/2026-01/${path}`, { headers: { 'x-shopify-access-token': token } });

test('reading needs the token', async () => {
  expect((await read('orders.json', 'shpat_2')).status).toBe(401);
  expect((await fetch(`${lab.url}/shopify/admin/api/2026-01/orders.json`)).status).toBe(401);
});

test('one order is read by its id', async () => {
  const { order } = lab.shopify.create(jpy);
  expect(await (await read(`orders/${order.id}.json`)).json()).toMatchObject({ order: { id: order.id } });
  expect((await read('orders/1.json')).status).toBe(404);
});

test('pages follow the Link header and cover everything since a time', async () => {
  for (let day = 0; day < 5; day++) lab.shopify.create(jpy, { at: NOW + day * 86_400_000, silent: true });
  const numbers: number[] = [];
  let next: string | undefined =
    'orders.json?status=any&limit=2&updated_at_min=2026-01-02T00:00:00Z&order=updated_at%20asc';
  while (next !== undefined) {
    const response = await read(next);
    const page = (await response.json()) as { orders: { order_number: number }[] };
    numbers.push(...page.orders.map((order) => order.order_number));
    next = /<[^>]*\/(orders\.json[^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  expect(numbers).toEqual([1002, 1003, 1004, 1005]);
});

test('429 on reading carries Retry-After', async () => {
  lab.shopify.faults.add({ kind: 'answer-429', retryAfterSeconds: 2 });
  const response = await read('orders.json');
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2']);
  expect((await read('orders.json')).status).toBe(200);
});
