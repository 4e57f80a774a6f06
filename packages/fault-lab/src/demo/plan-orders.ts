import { createRandom, pick } from '@tradewind/shared/testing/random';
import type { OrderDraft } from '../shopify/create-order.ts';
import type { RefundDraft } from '../shopify/refund-order.ts';
import { items, nameCarrier, nameItem, priceItem, toTitle, toTrackingUrl } from './goods.ts';
import { customers, type DemoCustomer, silentBuyers, writers } from './people.ts';

const HOUR_MS = 3_600_000;
const ORDER_COUNT = 120;
/** Ids of the sample orders lie apart from those the shop gives while it runs; each order has a thousand for its parts. */
const FIRST_ID = 5_500_000_000_000;
const IDS_PER_ORDER = 1_000;
const FIRST_CUSTOMER_ID = 7_200_000_000_000;
export const FIRST_NUMBER = 1_001;

/** What happens to an order after it was placed; `afterMs` counts from there. */
export type OrderStep = { afterMs: number } & (
  | { do: 'pay' }
  | { do: 'ship'; carrier: string; trackingNumber: string; trackingUrl: string; onlyFirst: boolean }
  | { do: 'track'; status: 'in_transit' | 'out_for_delivery' | 'delivered' }
  | { do: 'refund'; refund: 'first' | RefundDraft }
  | { do: 'edit'; note: string }
  | { do: 'cancel'; reason: string }
);

export interface PlannedOrder {
  id: number;
  number: number;
  customer: DemoCustomer;
  draft: OrderDraft;
  /** Before the anchor. */
  ageMs: number;
  steps: OrderStep[];
}

// The others only write.
const buyers = [...writers.filter((_, index) => index % 5 !== 4), ...silentBuyers];

/** How orders stand, with their share in a hundred. */
const fates = [
  ['unpaid', 8],
  ['paid', 18],
  ['edited', 4],
  ['partly-shipped', 8],
  ['on-its-way', 18],
  ['delivered', 24],
  ['partly-refunded', 9],
  ['refunded', 5],
  ['cancelled', 4],
  ['voided', 2],
] as const;
type Fate = (typeof fates)[number][0];

function pickFate(random: () => number): Fate {
  let left = random() * 100;
  for (const [fate, share] of fates) {
    left -= share;
    if (left < 0) return fate;
  }
  return 'delivered';
}

function planSteps(fate: Fate, customer: DemoCustomer, index: number, hasSeveral: boolean): OrderStep[] {
  const { carrier, trackingNumber } = nameCarrier(customer, index);
  const ship = (onlyFirst: boolean): OrderStep => ({
    do: 'ship',
    afterMs: 20 * HOUR_MS,
    carrier,
    trackingNumber,
    trackingUrl: toTrackingUrl(trackingNumber),
    onlyFirst,
  });
  const track = (status: 'in_transit' | 'out_for_delivery' | 'delivered', hours: number): OrderStep => ({
    do: 'track',
    status,
    afterMs: hours * HOUR_MS,
  });
  const arrived = [ship(false), track('delivered', 68)];
  const steps: Readonly<Record<Fate, OrderStep[]>> = {
    unpaid: [],
    paid: [],
    edited: [
      { do: 'edit', afterMs: 3 * HOUR_MS, note: customer.language === 'zh' ? '请送货前打电话' : 'Please ring twice' },
    ],
    'partly-shipped': [ship(hasSeveral), track('in_transit', 30)],
    'on-its-way': [ship(false), track(index % 2 === 0 ? 'in_transit' : 'out_for_delivery', 44)],
    delivered: arrived,
    'partly-refunded': [...arrived, { do: 'refund', afterMs: 120 * HOUR_MS, refund: 'first' }],
    refunded: [
      ...arrived,
      {
        do: 'refund',
        afterMs: 150 * HOUR_MS,
        refund: { note: customer.language === 'zh' ? '七天无理由退货' : 'Returned' },
      },
    ],
    cancelled: [{ do: 'cancel', afterMs: 2 * HOUR_MS, reason: 'customer' }],
    voided: [{ do: 'cancel', afterMs: 48 * HOUR_MS, reason: 'declined' }],
  };
  return steps[fate];
}

/** The shop's own id of a customer. */
export function shopCustomerId(customer: DemoCustomer): number {
  return FIRST_CUSTOMER_ID + customers.indexOf(customer);
}

/** A basket of one to three things, sent home. */
export function draftOrder(customer: DemoCustomer, random: () => number): OrderDraft {
  const { currency, language, firstName, lastName, phone } = customer;
  const basket = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, items));
  const lines = [...new Set(basket)].map((item) => ({
    title: toTitle(nameItem(item, language)),
    sku: item.sku,
    quantity: 1 + Math.floor(random() * 2),
    price: priceItem(item.priceCents, currency),
  }));
  return {
    currency,
    lines,
    customer: {
      id: shopCustomerId(customer),
      firstName,
      lastName,
      email: customer.email,
      phone,
    },
    shippingAddress: {
      first_name: firstName,
      last_name: lastName,
      name: customer.fullName,
      address1: customer.street,
      city: customer.city,
      country: customer.country,
      country_code: customer.countryCode,
      phone,
    },
    taxPercent: currency === 'EUR' ? 19 : currency === 'JPY' ? 10 : 0,
    shipping: random() < 0.4 ? priceItem(600, currency) : undefined,
    tags: random() < 0.15 ? ['gift'] : [],
    note: random() < 0.12 ? (language === 'zh' ? '麻烦包装结实一点' : 'No invoice in the box, please') : undefined,
  };
}

/** Youngest age in hours: what was shipped or delivered has had the time for it. */
function minAgeHours(fate: Fate): number {
  if (fate === 'unpaid' || fate === 'paid' || fate === 'edited') return 4;
  return fate === 'on-its-way' || fate === 'partly-shipped' ? 46 : 160;
}

function planOrder(index: number): PlannedOrder {
  const random = createRandom(7_000 + index);
  const anybody = pick(random, buyers);
  const customer = silentBuyers[index] ?? anybody;
  const fate = pickFate(random);
  const id = FIRST_ID + index * IDS_PER_ORDER;
  const number = FIRST_NUMBER + index;
  const draft = draftOrder(customer, random);
  // Of the guests every other one leaves no address at all, as people at a counter do.
  const isGuest = index % 9 === 8;
  const isUnknown = isGuest && index % 2 === 0;
  const youngest = minAgeHours(fate);
  return {
    id,
    number,
    customer,
    ageMs: Math.round((youngest + random() * (youngest > 100 ? 1_400 : 150)) * 3_600) * 1_000,
    draft: {
      ...draft,
      id,
      number,
      paid: fate !== 'unpaid' && fate !== 'voided',
      ...(isGuest ? { customer: null, email: isUnknown ? undefined : customer.email } : {}),
      ...(isUnknown ? { shippingAddress: null } : {}),
    },
    steps: planSteps(fate, customer, index, draft.lines.length > 1),
  };
}

/** A hundred and twenty orders in every state and five currencies; the same ones on every start. */
export function planOrders(): PlannedOrder[] {
  return Array.from({ length: ORDER_COUNT }, (_, index) => planOrder(index));
}
