import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestDesk, type TestDesk } from './desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk();
});
afterAll(() => desk.close());

const draft = { currency: 'JPY', lines: [{ title: 'Cup', quantity: 2, price: '1500' }] };

async function findOrder(id: number) {
  return (await desk.mei.get(`/api/orders?externalId=${id}&storeId=${desk.storeId}`)).items[0];
}

/** An order the shop has and has never told us of, with a refund that it does tell. */
function refundSilently() {
  const { order } = desk.lab.shopify.create(draft, { silent: true });
  const changed = desk.lab.shopify.refund(order.id, { amount: '1000' }, { silent: true }).order;
  const [refund] = changed.refunds;
  if (!refund) throw new Error('nothing was refunded');
  return { id: order.id, refund };
}

test('[R12] a refund of an order we do not have makes us ask the shop for the order', async () => {
  const { id, refund } = refundSilently();
  await desk.lab.shopify.postWebhook('refunds/create', refund).finished;
  await vi.waitFor(async () => expect(await findOrder(id)).toBeDefined(), { interval: 100 });
  expect(await findOrder(id)).toMatchObject({ refundedMinor: 1_000, totalMinor: 3_000, currency: 'JPY', version: 1 });
});

test('a fulfilment does so too, and a limit of the shop is waited out', async () => {
  const { order } = desk.lab.shopify.create(draft, { silent: true });
  const [fulfilment] = desk.lab.shopify.ship(order.id, {}, { silent: true }).order.fulfillments;
  if (!fulfilment) throw new Error('nothing was shipped');
  desk.lab.shopify.faults.add({ kind: 'answer-429', retryAfterSeconds: 1 });
  await desk.lab.shopify.postWebhook('fulfillments/create', fulfilment).finished;
  await vi.waitFor(async () => expect(await findOrder(order.id)).toBeDefined(), { interval: 100 });
  expect((await findOrder(order.id)).fulfilments).toHaveLength(1);
});

test('an order the shop does not know, or may not be read, is not waited for; its lane goes on', async () => {
  const { id, refund } = refundSilently();
  desk.lab.shopify.faults.add({ kind: 'answer-500' });
  await desk.lab.shopify.postWebhook('refunds/create', { ...refund, id: refund.id + 1_000, order_id: 42 }).finished;
  await desk.admin.call('PATCH', `/api/stores/${desk.storeId}`, { config: { accessToken: null } });
  await desk.lab.shopify.postWebhook('refunds/create', refund).finished;
  await desk.lab.shopify.postWebhook('orders/updated', desk.lab.shopify.order(id)).finished;
  await vi.waitFor(async () => expect(await findOrder(id)).toMatchObject({ refundedMinor: 1_000 }));
  expect(await findOrder(42)).toBeUndefined();
});
