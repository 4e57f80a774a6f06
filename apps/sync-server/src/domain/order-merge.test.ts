import type { Fulfilment, Refund } from '@tradewind/shared/schemas/order';
import { buildOrder, TEST_NOW } from '@tradewind/shared/testing/builders';
import { deepFreeze } from '@tradewind/shared/testing/freeze';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import { currentTotalAfter, isSameOrder, mergeFulfilments, mergeRefunds, sumRefunds } from './order-merge.ts';

const refund = (externalId: string, fields: Partial<Refund> = {}): Refund => ({
  externalId,
  amountMinor: 500,
  currency: 'EUR',
  note: '',
  createdAt: TEST_NOW,
  lines: [],
  ...fields,
});
const fulfilment = (externalId: string, updatedAt: number, fields: Partial<Fulfilment> = {}): Fulfilment => ({
  externalId,
  trackingNumber: null,
  carrier: null,
  url: null,
  status: 'success',
  shipmentStatus: null,
  updatedAt,
  ...fields,
});

test('[R2] a refund told twice, by itself and with its order, counts once', () => {
  const merged = mergeRefunds([refund('1'), refund('2')], [refund('2'), refund('1')]);
  expect(merged.map((one) => one.externalId)).toEqual(['1', '2']);
  expect(sumRefunds(merged, 'EUR')).toBe(1_000);
});

test('refunds stand in the order in which they were made', () => {
  const merged = mergeRefunds([refund('late', { createdAt: TEST_NOW + 5 })], [refund('early'), refund('also-early')]);
  expect(merged.map((one) => one.externalId)).toEqual(['also-early', 'early', 'late']);
});

test('[R13] refunds in another currency are listed, not added', () => {
  const refunds = [refund('1', { amountMinor: 1_200, currency: 'JPY' }), refund('2'), refund('3', { amountMinor: 0 })];
  expect(sumRefunds(refunds, 'EUR')).toBe(500);
  expect(sumRefunds(refunds, 'JPY')).toBe(1_200);
  expect(sumRefunds([], 'KWD')).toBe(0);
});

test('a refund that the shop’s total cannot know yet comes off it, once', () => {
  const order = buildOrder({
    currency: 'EUR',
    currentTotalMinor: 3_000,
    externalUpdatedAt: TEST_NOW,
    refunds: [refund('1')],
  });
  const late = refund('2', { createdAt: TEST_NOW + 1 });
  expect(currentTotalAfter(order, [refund('1', { createdAt: TEST_NOW + 1 }), late])).toBe(2_500);
  expect(currentTotalAfter({ ...order, refunds: [refund('1'), late] }, [refund('1'), late])).toBe(3_000);
  expect(currentTotalAfter(order, [refund('1'), refund('made before the total')])).toBe(3_000);
  expect(currentTotalAfter(order, [{ ...late, currency: 'USD' }])).toBe(3_000);
  expect(currentTotalAfter(order, [{ ...late, amountMinor: 9_000 }])).toBe(0);
});

test('[R12] an older state of a fulfilment never overwrites a newer one', () => {
  const newer = fulfilment('f', TEST_NOW + 5, { trackingNumber: 'T2' });
  const older = fulfilment('f', TEST_NOW, { trackingNumber: 'T1' });
  expect(mergeFulfilments([newer], [older])).toEqual([newer]);
  expect(mergeFulfilments([older], [newer])).toEqual([newer]);
});

test('a parcel that a newer state of its fulfilment leaves out is gone, whatever comes first', () => {
  const before = [fulfilment('f', TEST_NOW), fulfilment('f/2', TEST_NOW), fulfilment('g/2', TEST_NOW)];
  const after = [fulfilment('f', TEST_NOW + 5, { trackingNumber: 'T9' })];
  const merged = [fulfilment('f', TEST_NOW + 5, { trackingNumber: 'T9' }), fulfilment('g/2', TEST_NOW)];
  expect(mergeFulfilments(before, after)).toEqual(merged);
  expect(mergeFulfilments(after, before)).toEqual(merged);
});

test('[R2] told in any order and any number of times, refunds and fulfilments come to the same', () => {
  const random = createRandom(12);
  for (let round = 0; round < 300; round++) {
    const refunds = ['1', '2', '3'].map((id) => refund(id, { createdAt: TEST_NOW + Math.floor(random() * 3) }));
    const states = ['a', 'b'].flatMap((id) =>
      [1, 2, 3].map((at) => fulfilment(id, at, { shipmentStatus: `${id}${at}` })),
    );
    const told = Array.from({ length: 30 }, () => ({ refund: pick(random, refunds), state: pick(random, states) }));
    const all = [...refunds.map((one) => ({ refund: one, state: pick(random, states) })), ...told];
    const run = (list: typeof all) => ({
      refunds: list.reduce<Refund[]>((known, one) => mergeRefunds(deepFreeze(known), [one.refund]), []),
      fulfilments: list
        .reduce<Fulfilment[]>((known, one) => mergeFulfilments(deepFreeze(known), [one.state]), [])
        .toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1)),
    });
    const once = run(all);
    expect(run(all.toReversed())).toEqual(once);
    expect(run([...all, ...all])).toEqual(once);
    expect(once.refunds).toHaveLength(3);
  }
});

test('an order is the same whatever we counted about it', () => {
  expect(isSameOrder(buildOrder({ version: 1, createdSeq: 4 }), buildOrder({ version: 9, createdSeq: 0 }))).toBe(true);
  expect(isSameOrder(buildOrder(), buildOrder({ refundedMinor: 1 }))).toBe(false);
  expect(isSameOrder(buildOrder(), buildOrder({ refunds: [refund('1')] }))).toBe(false);
});
