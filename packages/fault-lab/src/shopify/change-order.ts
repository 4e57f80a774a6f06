import { parseMinor } from '@tradewind/shared/money';
import { LabError } from '../context.ts';
import { type ChangeContext, createOrderWriter, findLine, moveCurrentTotal, type Webhook } from './change.ts';
import { type AddressDraft, changeAddress, readMinor, type ShopifyLine, type ShopifyOrder } from './order.ts';

export interface EditDraft {
  /** With `lineId`: the new quantity of that line. Without: a line that is added. */
  lines?:
    | { lineId?: number | undefined; title?: string | undefined; price?: string | undefined; quantity: number }[]
    | undefined;
  note?: string | undefined;
  tags?: string[] | undefined;
  email?: string | undefined;
  shippingAddress?: AddressDraft | undefined;
}

export function payOrder(order: ShopifyOrder, context: ChangeContext): Webhook[] {
  if (order.cancelled_at !== null) throw new LabError(`order ${order.name} is cancelled`);
  if (order.financial_status !== 'pending' && order.financial_status !== 'partially_paid') {
    throw new LabError(`order ${order.name} is already ${order.financial_status}`);
  }
  order.financial_status = 'paid';
  const transaction = {
    id: context.nextId(),
    order_id: order.id,
    kind: 'sale',
    status: 'success',
    gateway: order.gateway,
    amount: order.current_total_price,
    currency: order.currency,
    created_at: order.updated_at,
  };
  return [
    ['order_transactions/create', transaction],
    ['orders/paid', order],
    ['orders/updated', order],
  ];
}

export function editOrder(order: ShopifyOrder, draft: EditDraft, context: ChangeContext): Webhook[] {
  const money = createOrderWriter(order);
  const additions: { id: number; delta: number }[] = [];
  const removals: { id: number; delta: number }[] = [];
  for (const change of draft.lines ?? []) {
    const line = change.lineId === undefined ? null : findLine(order, change.lineId);
    const priceMinor = parseMinor(change.price ?? line?.price ?? '', order.currency);
    if (priceMinor === null) throw new LabError('price: a line that is added needs a decimal price');
    const target: ShopifyLine = line ?? {
      id: context.nextId(),
      product_id: null,
      variant_id: null,
      title: change.title ?? 'Custom item',
      variant_title: null,
      sku: '',
      quantity: 0,
      current_quantity: 0,
      fulfillable_quantity: 0,
      fulfillment_status: null,
      price: money.toText(priceMinor),
      price_set: money.toSet(priceMinor),
      total_discount: money.toText(0),
    };
    if (!line) order.line_items.push(target);
    const delta = change.quantity - target.current_quantity;
    target.current_quantity = change.quantity;
    target.quantity = Math.max(target.quantity, change.quantity);
    target.fulfillable_quantity = Math.max(0, target.fulfillable_quantity + delta);
    moveCurrentTotal(order, delta * readMinor(target.price, order.currency));
    if (delta > 0 && order.financial_status === 'paid') order.financial_status = 'partially_paid';
    if (delta !== 0) (delta > 0 ? additions : removals).push({ id: target.id, delta: Math.abs(delta) });
  }
  if (draft.note !== undefined) order.note = draft.note;
  if (draft.tags !== undefined) order.tags = draft.tags.join(', ');
  if (draft.email !== undefined) {
    order.email = draft.email;
    order.contact_email = draft.email;
  }
  if (draft.shippingAddress && order.shipping_address)
    order.shipping_address = changeAddress(order.shipping_address, draft.shippingAddress);
  if (additions.length + removals.length === 0) return [['orders/updated', order]];
  const edit = {
    id: context.nextId(),
    order_id: order.id,
    created_at: order.updated_at,
    line_items: { additions, removals },
  };
  return [
    ['orders/edited', { order_edit: edit }],
    ['orders/updated', order],
  ];
}
