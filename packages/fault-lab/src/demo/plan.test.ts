import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FaultLab, startFaultLab } from '../lab.ts';
import type { DeskFeed } from './desk-feed.ts';
import { customers, silentBuyers } from './people.ts';
import { planChats } from './plan-chats.ts';
import { type PlannedOrder, planOrders } from './plan-orders.ts';
import { bouncingCustomers, planThreads, REFUSED_CUSTOMER, UNKNOWN_OUTCOME_CUSTOMER } from './plan-threads.ts';
import { seedOrders } from './seed-orders.ts';

const orders = planOrders();
const threads = planThreads(orders);
const chats = planChats(orders);
const talking = new Set([...threads.map(({ customer }) => customer), ...chats.map(({ visitor }) => visitor.customer)]);

test('every start plans the same shop', () => {
  expect(planOrders()).toEqual(orders);
  expect(planThreads(planOrders())).toEqual(threads);
  expect(planChats(planOrders())).toEqual(chats);
});

test('there are sixty-six people, about half of whom write Chinese, each with an address that can reach nobody', () => {
  expect(customers).toHaveLength(66);
  expect(customers.filter(({ language }) => language === 'zh')).toHaveLength(32);
  expect(new Set(customers.map(({ email }) => email)).size).toBe(66);
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
  const texts = [...threads, ...chats].flatMap((plan) => [
    'subject' in plan ? plan.subject : '',
    ...plan.steps.map(({ text }) => text),
  ]);
  for (const text of texts) expect(text).not.toMatch(/\{\w+\}|undefined/);
});

test('every conversation begins with the customer, and four are long enough to scroll in', () => {
  expect(threads.every(({ steps }) => steps[0]?.who === 'customer')).toBe(true);
  expect(threads.filter(({ steps }) => steps.length >= 20)).toHaveLength(4);
});

test('most people with orders have written, and some wait for a first answer', () => {
  expect(talking.size).toBeGreaterThan(55);
  expect(threads.filter(({ steps }) => steps.length === 1).length).toBeGreaterThan(10);
});

test('who cannot be reached is answered once, and says nothing more', () => {
  for (const key of [...bouncingCustomers, UNKNOWN_OUTCOME_CUSTOMER, REFUSED_CUSTOMER]) {
    const theirs = threads.filter(({ customer }) => customer.key === key);
    expect(theirs.length).toBeGreaterThan(0);
    for (const { steps } of theirs) expect(steps.at(-1)?.who).toBe('agent');
  }
});

test('who only orders has an order and writes nowhere', () => {
  const talking = new Set([
    ...threads.map(({ customer }) => customer),
    ...chats.map(({ visitor }) => visitor.customer),
  ]);
  for (const buyer of silentBuyers) {
    expect(orders.some(({ customer }) => customer === buyer)).toBe(true);
    expect(talking.has(buyer)).toBe(false);
  }
});

test('visitors are known, self-named and unknown; one talk is long enough to page in', () => {
  const kinds = new Map(chats.map(({ visitor }) => [visitor.kind, visitor]));
  expect([...kinds.keys()].sort()).toEqual(['anonymous', 'signed-in', 'typed']);
  expect(Math.max(...chats.map(({ steps }) => steps.length))).toBeGreaterThanOrEqual(150);
  const signedIn = chats.filter(({ visitor }) => visitor.kind === 'signed-in').map(({ visitor }) => visitor.customer);
  expect(signedIn.some((customer) => orders.some((order) => order.customer === customer))).toBe(true);
  expect(chats.some(({ visitor }) => visitor.kind === 'typed' && visitor.typed.name.length > 40)).toBe(true);
});

test('chats and mails show every state a desk can be in', () => {
  const plans = [...threads, ...chats];
  expect(new Set(plans.map(({ ending }) => ending))).toEqual(new Set([null, 'resolved', 'snoozed']));
  expect(new Set(plans.map(({ team }) => team))).toEqual(new Set([null, 'care', 'wholesale']));
  expect(new Set(plans.map(({ assignTo }) => assignTo))).toEqual(new Set([null, 0, 1, 2, 3]));
  expect(new Set(chats.flatMap(({ rating }) => rating?.[0] ?? [])).size).toBeGreaterThan(2);
  expect(plans.some(({ steps }) => steps.some((step) => step.who === 'note' && step.mentions.length > 0))).toBe(true);
  expect(chats.some(({ steps }) => steps.some((step) => step.who === 'agent' && step.files.length > 0))).toBe(true);
  expect(new Set(chats.map(({ visitor }) => visitor.customer.language))).toEqual(new Set(['en', 'zh', 'ar', 'he']));
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
