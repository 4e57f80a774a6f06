import { isDeepStrictEqual } from 'node:util';
import type { Fulfilment, Order, Refund } from '@tradewind/shared/schemas/order';

/** Two lists of the same order's refunds as one: each refund once, however often it was told (R2). */
export function mergeRefunds(known: readonly Refund[], told: readonly Refund[]): Refund[] {
  const byId = new Map(known.map((refund) => [refund.externalId, refund]));
  for (const refund of told) byId.set(refund.externalId, refund);
  return [...byId.values()].sort((a, b) => a.createdAt - b.createdAt || (a.externalId < b.externalId ? -1 : 1));
}

/** Each fulfilment once, in its newest state. Parcels (`id/2`) that a newer state of their fulfilment does not name are gone. */
export function mergeFulfilments(known: readonly Fulfilment[], told: readonly Fulfilment[]): Fulfilment[] {
  const byId = new Map(known.map((fulfilment) => [fulfilment.externalId, fulfilment]));
  for (const fulfilment of told) {
    const old = byId.get(fulfilment.externalId);
    if (!old || fulfilment.updatedAt >= old.updatedAt) byId.set(fulfilment.externalId, fulfilment);
  }
  return [...byId.values()].filter((parcel) => {
    const first = byId.get(parcel.externalId.replace(/\/\d+$/, ''));
    return first === undefined || parcel.updatedAt >= first.updatedAt;
  });
}

/** Sum of what was really paid back, in the order's own currency; refunds in another currency are listed, not added. */
export function sumRefunds(refunds: readonly Refund[], currency: string): number {
  return refunds.reduce((sum, refund) => sum + (refund.currency === currency ? refund.amountMinor : 0), 0);
}

/**
 * The order's total after these refunds. The shop's own figure holds the refunds listed with it and whatever else was made
 * before it; a refund that came by itself and is newer is not in it yet.
 */
export function currentTotalAfter(
  order: Pick<Order, 'currency' | 'currentTotalMinor' | 'externalUpdatedAt' | 'refunds'>,
  refunds: readonly Refund[],
): number {
  const listed = new Set(order.refunds.map((refund) => refund.externalId));
  const late = refunds.filter((refund) => !listed.has(refund.externalId) && refund.createdAt > order.externalUpdatedAt);
  return Math.max(order.currentTotalMinor - sumRefunds(late, order.currency), 0);
}

/** True when both say the same, apart from the count of our own changes. */
export function isSameOrder(a: Order, b: Order): boolean {
  return isDeepStrictEqual({ ...a, version: 0, createdSeq: 0 }, { ...b, version: 0, createdSeq: 0 });
}
