import { pick } from '@tradewind/shared/testing/random';
import { items, nameCarrier, nameItem } from './goods.ts';
import type { DemoCustomer } from './people.ts';
import { FIRST_NUMBER, type PlannedOrder } from './plan-orders.ts';
import type { Details, Scenario } from './texts/scenario.ts';

// How the two agents sign: the first answers Chinese mails mostly, the second the others.
const agentNames: Readonly<Record<'en' | 'zh', readonly [string, string]>> = {
  en: ['Mei', 'Sam'],
  zh: ['小梅', 'Sam'],
};

/** The customer's own orders of something the matter can be about. */
export function findFitting(
  customer: DemoCustomer,
  scenario: Scenario,
  orders: readonly PlannedOrder[],
): PlannedOrder[] {
  const { fits } = scenario;
  const own = orders.filter((order) => order.customer === customer);
  return fits ? own.filter((order) => order.draft.lines.some(({ sku = '' }) => fits.includes(sku))) : own;
}

/** The particulars of one conversation: about the customer's own order where there is one. */
export function toDetails(
  customer: DemoCustomer,
  scenario: Scenario,
  orders: readonly PlannedOrder[],
  random: () => number,
  agent: number,
): Details {
  const { fits } = scenario;
  const suits = ({ sku = '' }: { sku?: string | undefined }) => fits?.includes(sku) ?? true;
  const fitting = findFitting(customer, scenario, orders);
  const order = fitting.length > 0 ? pick(random, fitting) : null;
  const { carrier, trackingNumber } = nameCarrier(
    customer,
    order ? order.number - FIRST_NUMBER : Math.floor(random() * 500),
  );
  return {
    // Who has no order here bought from the shop's older system, whose numbers were lower.
    order: `#${order?.number ?? 700 + Math.floor(random() * 250)}`,
    item: order?.draft.lines.find(suits)?.title ?? nameItem(pick(random, items.filter(suits)), customer.language),
    name: customer.calledName,
    agent: agentNames[customer.language === 'zh' ? 'zh' : 'en'][agent] ?? '',
    carrier,
    tracking: trackingNumber,
    city: customer.city,
  };
}
