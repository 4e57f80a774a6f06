import { LabError } from '../context.ts';
import { createMoneyWriter, readMinor, type ShopifyLine, type ShopifyOrder } from './order.ts';

/** What a change needs from the shop around it. */
export interface ChangeContext {
  nowMs: number;
  nextId: () => number;
}

/** Webhooks a change triggers, in the order Shopify would usually send them; all share one event id. */
export type Webhook = [topic: string, body: object];

/** Writes amounts in the order's two currencies, at the rate of its total. */
export function createOrderWriter(order: ShopifyOrder) {
  const { shop_money, presentment_money } = order.total_price_set;
  const rate = Number(presentment_money.amount) / Number(shop_money.amount);
  const presentment = { currency: order.presentment_currency, rate: Number.isFinite(rate) ? rate : 1 };
  return createMoneyWriter(order.currency, presentment);
}

/** @throws LabError when the order has no such line. */
export function findLine(order: ShopifyOrder, lineId: number): ShopifyLine {
  const line = order.line_items.find((candidate) => candidate.id === lineId);
  if (!line) throw new LabError(`order ${order.name} has no line ${lineId}`);
  return line;
}

/** What is left to pay or to keep after an edit or a refund; `total_price` stays as the order was placed. */
export function moveCurrentTotal(order: ShopifyOrder, deltaMinor: number): void {
  const money = createOrderWriter(order);
  const totalMinor = Math.max(0, readMinor(order.current_total_price, order.currency) + deltaMinor);
  const subtotalMinor = Math.max(0, readMinor(order.current_subtotal_price, order.currency) + deltaMinor);
  order.current_total_price = money.toText(totalMinor);
  order.current_total_price_set = money.toSet(totalMinor);
  order.current_subtotal_price = money.toText(subtotalMinor);
}
