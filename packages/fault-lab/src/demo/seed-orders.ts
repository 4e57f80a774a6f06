import type { FaultLab } from '../lab.ts';
import type { Change, ChangeOptions } from '../shopify/simulator.ts';
import type { DeskFeed } from './desk-feed.ts';
import type { OrderStep, PlannedOrder } from './plan-orders.ts';
import { runPool } from './run-pool.ts';

function playStep(lab: FaultLab, { id }: PlannedOrder, step: OrderStep, options: ChangeOptions): Change {
  const { shopify } = lab;
  const firstLine = shopify.order(id, options.shop).line_items[0];
  const oneOfFirst = firstLine ? [{ lineId: firstLine.id, quantity: 1 }] : [];
  switch (step.do) {
    case 'pay':
      return shopify.pay(id, options);
    case 'ship':
      return shopify.ship(id, { ...step, lines: step.onlyFirst ? oneOfFirst : undefined }, options);
    case 'track':
      return shopify.track(id, step.status, options);
    case 'refund':
      return shopify.refund(id, step.refund === 'first' ? { lines: oneOfFirst } : step.refund, options);
    case 'edit':
      return shopify.edit(id, { note: step.note }, options);
    case 'cancel':
      return shopify.cancel(id, step.reason, options);
  }
}

/** When the sample orders were made: now on the first start, and the same instant on every later one. */
function findAnchor(plans: readonly PlannedOrder[], feed: DeskFeed, storeId: string, nowMs: number): number {
  for (const order of feed.orders.values()) {
    const plan = plans.find(({ id }) => order.storeId === storeId && order.externalId === String(id));
    if (plan) return order.placedAt + plan.ageMs;
  }
  return nowMs;
}

/**
 * Fills the shop with its orders and tells the desk of those that it does not know yet, each with its whole history. The
 * shop lives in memory, so every start builds it again, with the same ids and times.
 */
export async function seedOrders(
  lab: FaultLab,
  plans: readonly PlannedOrder[],
  feed: DeskFeed,
  place: { storeId: string; shop: string },
  signal: AbortSignal,
): Promise<void> {
  const anchor = findAnchor(plans, feed, place.storeId, Math.floor(Date.now() / 1000) * 1000);
  const ofStore = [...feed.orders.values()].filter((order) => order.storeId === place.storeId);
  const known = new Map(ofStore.map((order) => [order.externalId, order.externalUpdatedAt]));
  await runPool(plans, 12, signal, async (plan) => {
    const placedAt = anchor - plan.ageMs;
    const lastChangeAt = placedAt + Math.max(0, ...plan.steps.map((step) => step.afterMs));
    const isKnown = (known.get(String(plan.id)) ?? 0) >= lastChangeAt;
    const options = { shop: place.shop, silent: isKnown };
    lab.shopify.continueIdsAfter(plan.id);
    const changes = [lab.shopify.create(plan.draft, { ...options, at: placedAt })];
    for (const step of plan.steps) changes.push(playStep(lab, plan, step, { ...options, at: placedAt + step.afterMs }));
    for (const change of changes) await change.finished;
  });
  lab.shopify.continueIdsAfter(Date.now());
  for (const { number } of ofStore) lab.shopify.continueNumbersAfter(Number(number.replace('#', '')) || 0);
}
