import { pick } from '@tradewind/shared/testing/random';
import { items, nameCarrier, nameItem } from './goods.ts';
import type { DemoCustomer } from './people.ts';
import { FIRST_NUMBER, type PlannedOrder } from './plan-orders.ts';
import type { Details, FileKind, OrderStage, Scenario } from './texts/scenario.ts';

/** The agents as they are called at the desk; the first answers Chinese mostly, the second the others. */
export const deskNames = ['林梅 Mei', 'Sam Carter', 'Layla Haddad'] as const;

/** How they sign. */
const agentNames: Readonly<Record<'en' | 'zh', readonly string[]>> = {
  en: ['Mei', 'Sam', 'Layla'],
  zh: ['小梅', 'Sam', 'Layla'],
};

/** Whom an agent asks. */
export const findColleague = (agent: number): number => (agent === 0 ? 1 : 0);

/** What decides which order a matter can be about. */
export type Matter = Pick<Scenario, 'fits' | 'when'>;

function toStage({ steps }: PlannedOrder): OrderStage | null {
  const has = (what: string) => steps.some((step) => step.do === what);
  if (has('cancel')) return null;
  if (has('refund')) return 'refunded';
  if (!has('ship')) return 'before';
  return steps.some((step) => step.do === 'track' && step.status === 'delivered') ? 'arrived' : 'underway';
}

/** The customer's own orders that the matter can be about. */
export function findFitting(customer: DemoCustomer, scenario: Matter, orders: readonly PlannedOrder[]): PlannedOrder[] {
  const { fits, when } = scenario;
  return orders.filter(
    (order) =>
      order.customer === customer &&
      (!when || toStage(order) === when) &&
      (!fits || order.draft.lines.some(({ sku = '' }) => fits.includes(sku))),
  );
}

/** The particulars of one conversation: about the customer's own order where there is one. */
export function toDetails(
  customer: DemoCustomer,
  scenario: Matter,
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
  const ordered = order?.draft.lines.find(suits)?.sku;
  const anything = pick(random, items.filter(suits));
  const item = items.find(({ sku }) => sku === ordered) ?? anything;
  return {
    // Who has no order here bought from the shop's older system, whose numbers were lower.
    order: `#${order?.number ?? 700 + Math.floor(random() * 250)}`,
    item: nameItem(item, customer.language),
    sku: item.sku,
    name: customer.calledName,
    agent: agentNames[customer.language === 'zh' ? 'zh' : 'en'][agent] ?? '',
    carrier,
    tracking: trackingNumber,
    city: customer.city,
    colleague: deskNames[findColleague(agent)] ?? '',
  };
}

// What the pictures show; whoever writes about something else has photographed the box it came in.
const shownIn: Readonly<Partial<Record<FileKind, readonly string[]>>> = {
  broken: ['TP-22'],
  garment: ['LS-01', 'RJ-07'],
};

/** The files of a turn, as they fit the thing it is about. */
export function toFiles(files: readonly FileKind[], { sku }: Details): FileKind[] {
  return files.map((kind) => (shownIn[kind]?.includes(sku) === false ? 'parcel' : kind));
}
