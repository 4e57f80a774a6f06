import { parseMinor } from '@tradewind/shared/money';
import { LabError } from '../context.ts';
import { type ChangeContext, createOrderWriter, findLine, moveCurrentTotal, type Webhook } from './change.ts';
import { readMinor, type ShopifyOrder, type ShopifyRefund, toShopifyTime } from './order.ts';

export interface RefundDraft {
  /** Units given back; everything that is left of the order when neither lines nor amount are given. */
  lines?: { lineId: number; quantity: number }[] | undefined;
  /** Decimal text; the lines' price when missing. `"0"` restocks without paying back. */
  amount?: string | undefined;
  note?: string | undefined;
  restock?: boolean | undefined;
  /** The bank refused it: a transaction that counts for nothing. */
  failed?: boolean | undefined;
}

/** Sum of the successful refunds so far, minor units. */
export function refundedMinor(order: ShopifyOrder): number {
  return order.refunds
    .flatMap((refund) => refund.transactions)
    .filter((transaction) => transaction.status === 'success')
    .reduce((sum, transaction) => sum + readMinor(transaction.amount, order.currency), 0);
}

function toRefundLines(
  order: ShopifyOrder,
  draft: RefundDraft,
  context: ChangeContext,
): ShopifyRefund['refund_line_items'] {
  const money = createOrderWriter(order);
  const wanted =
    draft.lines ??
    (draft.amount === undefined
      ? order.line_items.map((line) => ({ lineId: line.id, quantity: line.current_quantity }))
      : []);
  return wanted
    .filter(({ quantity }) => quantity > 0)
    .map(({ lineId, quantity }) => {
      const line = findLine(order, lineId);
      if (quantity > line.current_quantity)
        throw new LabError(`only ${line.current_quantity} of "${line.title}" can still be refunded`);
      const subtotalMinor = quantity * readMinor(line.price, order.currency);
      return {
        id: context.nextId(),
        quantity,
        line_item_id: lineId,
        subtotal: Number(money.toText(subtotalMinor)),
        total_tax: 0,
        subtotal_set: money.toSet(subtotalMinor),
        total_tax_set: money.toSet(0),
        restock_type: draft.restock === false ? 'no_restock' : 'return',
      };
    });
}

function toRefundAmount(order: ShopifyOrder, draft: RefundDraft, lines: ShopifyRefund['refund_line_items']): number {
  const leftMinor = readMinor(order.total_price, order.currency) - refundedMinor(order);
  if (draft.amount !== undefined) {
    const minor = parseMinor(draft.amount, order.currency);
    if (minor === null || minor < 0)
      throw new LabError(`amount: "${draft.amount}" is not a decimal amount such as "12.50"`);
    if (minor > leftMinor)
      throw new LabError(`order ${order.name} has only ${createOrderWriter(order).toText(leftMinor)} left to refund`);
    return minor;
  }
  if (draft.lines === undefined) return leftMinor;
  const linesMinor = lines.reduce(
    (sum, line) => sum + readMinor(line.subtotal_set.shop_money.amount, order.currency),
    0,
  );
  return Math.min(linesMinor, leftMinor);
}

export function refundOrder(order: ShopifyOrder, draft: RefundDraft, context: ChangeContext): Webhook[] {
  if (order.financial_status === 'pending' || order.financial_status === 'voided')
    throw new LabError(`order ${order.name} was never paid`);
  const lines = toRefundLines(order, draft, context);
  const amountMinor = toRefundAmount(order, draft, lines);
  const id = context.nextId();
  const status = draft.failed ? 'failure' : 'success';
  const amount = createOrderWriter(order).toText(amountMinor);
  const refund: ShopifyRefund = {
    id,
    order_id: order.id,
    created_at: order.updated_at,
    processed_at: order.updated_at,
    note: draft.note ?? '',
    restock: draft.restock !== false,
    refund_line_items: lines,
    transactions:
      amountMinor > 0
        ? [
            {
              id: context.nextId(),
              order_id: order.id,
              kind: 'refund',
              status,
              gateway: order.gateway,
              amount,
              currency: order.currency,
            },
          ]
        : [],
    order_adjustments: [],
    refund_shipping_lines: [],
  };
  order.refunds.push(refund);
  for (const { line_item_id, quantity } of lines) {
    const line = findLine(order, line_item_id);
    line.current_quantity -= quantity;
    line.fulfillable_quantity = Math.min(line.fulfillable_quantity, line.current_quantity);
  }
  if (!draft.failed) {
    moveCurrentTotal(order, -amountMinor);
    const isAllBack = refundedMinor(order) >= readMinor(order.total_price, order.currency);
    if (refundedMinor(order) > 0) order.financial_status = isAllBack ? 'refunded' : 'partially_refunded';
  }
  return [
    ['refunds/create', refund],
    ['orders/updated', order],
  ];
}

/** An order that was paid is paid back as a whole; an unpaid one is voided. */
export function cancelOrder(order: ShopifyOrder, reason: string, context: ChangeContext): Webhook[] {
  if (order.cancelled_at !== null) throw new LabError(`order ${order.name} is already cancelled`);
  if (order.fulfillments.length > 0) throw new LabError(`order ${order.name} has been shipped: refund it instead`);
  const isPaid = order.financial_status === 'paid' || order.financial_status === 'partially_refunded';
  const refunds = isPaid
    ? refundOrder(order, { note: reason }, context).filter(([topic]) => topic === 'refunds/create')
    : [];
  if (!isPaid) order.financial_status = 'voided';
  order.cancelled_at = toShopifyTime(context.nowMs);
  order.cancel_reason = reason;
  order.closed_at = order.cancelled_at;
  return [...refunds, ['orders/cancelled', order], ['orders/updated', order]];
}
