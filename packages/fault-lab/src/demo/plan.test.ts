import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FaultLab, startFaultLab } from '../lab.ts';
import type { DeskFeed } from './desk-feed.ts';
import { customers } from './people.ts';
import { type PlannedOrder, planOrders } from './plan-orders.ts';
import { bouncingCustomers, planThreads, UNKNOWN_OUTCOME_CUSTOMER } from './plan-threads.ts';
import { seedOrders } from './seed-orders.ts';

const orders = planOrders();
const threads = planThreads(orders);

test('every start plans the same shop', () => {
  expect(planOrders()).toEqual(orders);
  expect(planThreads(planOrders())).toEqual(threads);
});

test('there are sixty people, half of whom write Chinese, each with an address that can reach nobody', () => {
  expect(customers).toHaveLength(60);
  expect(customers.filter(({ language }) => language === 'zh')).toHaveLength(30);
  expect(new Set(customers.map(({ email }) => email)).size).toBe(60);
  for (const { email } of customers) expect(email).toMatch(/@(mail\.)?example\.(com|net|org|cn|jp)$/);
});

test('a hundred and twenty orders have ids of their own and cover five currencies', () => {
  expect(orders).toHaveLength(120);
  expect(new Set(orders.map(({ id }) => id)).size).toBe(120);
  expect(new Set(orders.map(({ draft }) => draft.currency))).toEqual(new Set(['JPY', 'KWD', 'CNY', 'USD', 'EUR']));
});

test('eighty conversations differ in their words, and none shows a placeholder', () => {
  expect(threads).toHaveLength(80);
  expect(new Set(threads.map(({ steps }) => steps[0]?.text)).size).toBe(80);
  const texts = threads.flatMap(({ subject, steps }) => [subject, ...steps.map(({ text }) => text)]);
  for (const text of texts) expect(text).not.toMatch(/\{\w+\}|undefined/);
});

test('every conversation begins with the customer, and four are long enough to scroll in', () => {
  expect(threads.every(({ steps }) => steps[0]?.who === 'customer')).toBe(true);
  expect(threads.filter(({ steps }) => steps.length >= 20)).toHaveLength(4);
});

test('most people with orders have written, and some wait for a first answer', () => {
  const writers = new Set(threads.map(({ customer }) => customer.key));
  expect(writers.size).toBe(60);
  expect(threads.filter(({ steps }) => steps.length === 1).length).toBeGreaterThan(10);
});

test('who cannot be reached is answered once, and says nothing more', () => {
  for (const key of [...bouncingCustomers, UNKNOWN_OUTCOME_CUSTOMER]) {
    const theirs = threads.filter(({ customer }) => customer.key === key);
    expect(theirs.length).toBeGreaterThan(0);
    for (const { steps } of theirs) expect(steps.at(-1)?.who).toBe('agent');
  }
});

let lab: FaultLab;
beforeEach(async () => {
  lab = await startFaultLab();
});
afterEach(() => lab.close());

const shop = 'tea.myshopify.com';
const emptyDesk = { orders: new Map() } as DeskFeed;

test('the shop takes every planned order through its whole life', async () => {
  await seedOrders(lab, orders, emptyDesk, { storeId: 's', shop }, AbortSignal.timeout(20_000));
  const made = lab.shopify.orders(shop);
  expect(made).toHaveLength(120);
  const states = new Set(made.map((order) => `${order.financial_status}/${order.fulfillment_status}`));
  for (const state of [
    'pending/null',
    'paid/null',
    'paid/partial',
    'paid/fulfilled',
    'partially_refunded/fulfilled',
    'refunded/fulfilled',
    'voided/null',
  ]) {
    expect(states).toContain(state);
  }
  expect(made.every((order) => Date.parse(order.updated_at) <= Date.now())).toBe(true);
});

test('a later start builds the same orders with the same ids and times', async () => {
  const place = { storeId: 's', shop };
  await seedOrders(lab, orders, emptyDesk, place, AbortSignal.timeout(20_000));
  const first = structuredClone(lab.shopify.orders(shop));
  const [known] = orders as [PlannedOrder];
  const placedAt = Date.parse(lab.shopify.order(known.id, shop).created_at);
  const desk = {
    orders: new Map([
      ['o', { storeId: 's', externalId: String(known.id), placedAt, externalUpdatedAt: 0, number: '#1001' }],
    ]),
  } as unknown as DeskFeed;
  await seedOrders(lab, orders, desk, place, AbortSignal.timeout(20_000));
  expect(lab.shopify.orders(shop)).toEqual(first);
});
