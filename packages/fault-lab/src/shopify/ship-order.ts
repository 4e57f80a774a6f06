import { LabError } from '../context.ts';
import { type ChangeContext, findLine, type Webhook } from './change.ts';
import type { ShopifyFulfillment, ShopifyOrder } from './order.ts';

export interface ShipDraft {
  trackingNumber?: string | undefined;
  carrier?: string | undefined;
  trackingUrl?: string | undefined;
  /** Everything that is left when missing. */
  lines?: { lineId: number; quantity: number }[] | undefined;
}

export function shipOrder(order: ShopifyOrder, draft: ShipDraft, context: ChangeContext): Webhook[] {
  if (order.cancelled_at !== null) throw new LabError(`order ${order.name} is cancelled`);
  const wanted =
    draft.lines ?? order.line_items.map((line) => ({ lineId: line.id, quantity: line.fulfillable_quantity }));
  const parcel = wanted
    .filter(({ quantity }) => quantity > 0)
    .map(({ lineId, quantity }) => ({ line: findLine(order, lineId), quantity }));
  if (parcel.length === 0) throw new LabError(`order ${order.name} has nothing left to ship`);
  for (const { line, quantity } of parcel) {
    if (quantity > line.fulfillable_quantity)
      throw new LabError(`only ${line.fulfillable_quantity} of "${line.title}" are left to ship`);
    line.fulfillable_quantity -= quantity;
    line.fulfillment_status = line.fulfillable_quantity === 0 ? 'fulfilled' : 'partial';
  }
  const id = context.nextId();
  const fulfillment: ShopifyFulfillment = {
    id,
    admin_graphql_api_id: `gid://shopify/Fulfillment/${id}`,
    order_id: order.id,
    name: `${order.name}.${order.fulfillments.length + 1}`,
    status: 'success',
    shipment_status: null,
    tracking_company: draft.carrier ?? null,
    tracking_number: draft.trackingNumber ?? null,
    tracking_numbers: draft.trackingNumber === undefined ? [] : [draft.trackingNumber],
    tracking_url: draft.trackingUrl ?? null,
    tracking_urls: draft.trackingUrl === undefined ? [] : [draft.trackingUrl],
    line_items: parcel.map(({ line, quantity }) => ({ ...line, quantity })),
    created_at: order.updated_at,
    updated_at: order.updated_at,
  };
  order.fulfillments.push(fulfillment);
  const isComplete = order.line_items.every((line) => line.fulfillable_quantity === 0);
  order.fulfillment_status = isComplete ? 'fulfilled' : 'partial';
  return [
    ['fulfillments/create', fulfillment],
    [isComplete ? 'orders/fulfilled' : 'orders/partially_fulfilled', order],
    ['orders/updated', order],
  ];
}

/** The carrier reports on every parcel of the order that has not arrived yet. */
export function trackOrder(order: ShopifyOrder, status: NonNullable<ShopifyFulfillment['shipment_status']>): Webhook[] {
  const moving = order.fulfillments.filter(
    (parcel) => parcel.status === 'success' && parcel.shipment_status !== 'delivered',
  );
  if (moving.length === 0) throw new LabError(`order ${order.name} has no parcel on its way`);
  for (const parcel of moving) {
    parcel.shipment_status = status;
    parcel.updated_at = order.updated_at;
  }
  return [...moving.map((parcel): Webhook => ['fulfillments/update', parcel]), ['orders/updated', order]];
}
