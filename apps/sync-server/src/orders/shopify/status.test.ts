import type { Fulfilment, OrderStatus } from '@tradewind/shared/schemas/order';
import { expect, test } from 'vitest';
import { toShopifyStatus } from './status.ts';

const parcel = (status: string, shipmentStatus: string | null): Fulfilment => ({
  externalId: '1',
  trackingNumber: null,
  carrier: null,
  url: null,
  status,
  shipmentStatus,
  updatedAt: 0,
});
const delivered = parcel('success', 'delivered');
const moving = parcel('success', 'in_transit');
const withdrawn = parcel('cancelled', null);

test.each<[OrderStatus, number | null, string | null, string | null, Fulfilment[]]>([
  ['cancelled', 1, 'paid', 'fulfilled', [delivered]],
  ['cancelled', 1, 'refunded', null, []],
  ['cancelled', null, 'voided', null, []],
  ['refunded', null, 'refunded', 'fulfilled', [delivered]],
  ['delivered', null, 'paid', 'fulfilled', [delivered, delivered]],
  ['delivered', null, 'pending', 'fulfilled', [delivered, withdrawn]],
  ['shipped', null, 'paid', 'fulfilled', [delivered, moving]],
  ['shipped', null, 'paid', 'fulfilled', []],
  ['shipped', null, 'partially_refunded', 'fulfilled', [moving]],
  ['processing', null, 'paid', 'partial', [delivered]],
  ['processing', null, 'paid', null, []],
  ['processing', null, 'authorized', null, []],
  ['processing', null, 'partially_paid', null, []],
  ['processing', null, 'partially_refunded', 'restocked', []],
  ['pending', null, 'pending', null, []],
  ['pending', null, 'expired', null, []],
  ['pending', null, null, null, []],
])('%s: cancelled %s, money %s, parcels %s', (status, cancelledAt, financialStatus, fulfilmentStatus, fulfilments) => {
  expect(toShopifyStatus({ cancelledAt, financialStatus, fulfilmentStatus, fulfilments })).toBe(status);
});
