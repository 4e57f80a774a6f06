import { currencyExponent, parseMinor, toDecimal } from '@tradewind/shared/money';

interface Money {
  amount: string;
  currency_code: string;
}

/** An amount in the shop's currency and in the one the buyer saw. */
export interface MoneySet {
  shop_money: Money;
  presentment_money: Money;
}

export interface ShopifyAddress {
  first_name: string;
  last_name: string;
  name: string;
  company: string | null;
  address1: string;
  address2: string | null;
  city: string;
  province: string | null;
  zip: string;
  country: string;
  country_code: string;
  phone: string | null;
}

/** Parts of an address; what is missing is left as it is. */
export type AddressDraft = { [Key in keyof ShopifyAddress]?: ShopifyAddress[Key] | undefined };

export interface ShopifyCustomer {
  id: number | null;
  email: string | null;
  phone: string | null;
  first_name: string;
  last_name: string;
}

export interface ShopifyLine {
  id: number;
  product_id: number | null;
  variant_id: number | null;
  title: string;
  variant_title: string | null;
  sku: string;
  quantity: number;
  current_quantity: number;
  fulfillable_quantity: number;
  fulfillment_status: null | 'partial' | 'fulfilled';
  price: string;
  price_set: MoneySet;
  total_discount: string;
}

export interface ShopifyFulfillment {
  id: number;
  admin_graphql_api_id: string;
  order_id: number;
  name: string;
  status: 'success' | 'cancelled';
  shipment_status: null | 'confirmed' | 'in_transit' | 'out_for_delivery' | 'delivered' | 'failure';
  tracking_company: string | null;
  tracking_number: string | null;
  tracking_numbers: string[];
  tracking_url: string | null;
  tracking_urls: string[];
  line_items: ShopifyLine[];
  created_at: string;
  updated_at: string;
}

export interface ShopifyRefund {
  id: number;
  order_id: number;
  created_at: string;
  processed_at: string;
  note: string;
  restock: boolean;
  refund_line_items: {
    id: number;
    quantity: number;
    line_item_id: number;
    /** A JSON number, as Shopify sends it; the exact amount is in the set. */
    subtotal: number;
    total_tax: number;
    subtotal_set: MoneySet;
    total_tax_set: MoneySet;
    restock_type: 'return' | 'cancel' | 'no_restock';
  }[];
  transactions: {
    id: number;
    order_id: number;
    kind: 'refund';
    status: 'success' | 'failure';
    gateway: string;
    amount: string;
    currency: string;
  }[];
  order_adjustments: { id: number; amount: string; kind: string; reason: string }[];
  refund_shipping_lines: { id: number; amount: string }[];
}

/** An order as Shopify's REST resource has it. */
export interface ShopifyOrder {
  id: number;
  admin_graphql_api_id: string;
  name: string;
  order_number: number;
  number: number;
  email: string;
  contact_email: string | null;
  phone: string | null;
  customer: ShopifyCustomer | null;
  customer_locale: string | null;
  currency: string;
  presentment_currency: string;
  total_price: string;
  total_price_set: MoneySet;
  current_total_price: string;
  current_total_price_set: MoneySet;
  subtotal_price: string;
  subtotal_price_set: MoneySet;
  current_subtotal_price: string;
  total_tax: string;
  total_tax_set: MoneySet;
  total_discounts: string;
  total_discounts_set: MoneySet;
  total_shipping_price_set: MoneySet;
  taxes_included: boolean;
  financial_status: 'pending' | 'authorized' | 'partially_paid' | 'paid' | 'partially_refunded' | 'refunded' | 'voided';
  fulfillment_status: null | 'partial' | 'fulfilled' | 'restocked';
  cancelled_at: string | null;
  cancel_reason: string | null;
  closed_at: string | null;
  created_at: string;
  processed_at: string;
  updated_at: string;
  test: boolean;
  line_items: ShopifyLine[];
  shipping_address: ShopifyAddress | null;
  billing_address: ShopifyAddress | null;
  shipping_lines: { id: number; title: string; price: string; price_set: MoneySet }[];
  fulfillments: ShopifyFulfillment[];
  refunds: ShopifyRefund[];
  note: string | null;
  note_attributes: { name: string; value: string }[];
  tags: string;
  gateway: string;
}

/** The address with the given parts changed. */
export function changeAddress(address: ShopifyAddress, draft: AddressDraft): ShopifyAddress {
  const given = Object.entries(draft).filter(([, value]) => value !== undefined);
  return { ...address, ...Object.fromEntries(given) };
}

/** Epoch milliseconds as Shopify writes instants: whole seconds with the shop's offset (here UTC+8). */
export function toShopifyTime(atMs: number): string {
  return new Date(atMs + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/, '+08:00');
}

export interface Presentment {
  currency: string;
  /** Units of the presentment currency for one unit of the shop's. */
  rate: number;
}

/** Amounts of one order, in minor units of the shop's currency, turned into Shopify's texts and sets. */
export function createMoneyWriter(currency: string, presentment: Presentment = { currency, rate: 1 }) {
  const scale = 10 ** (currencyExponent(presentment.currency) - currencyExponent(currency));
  const toText = (minor: number): string => toDecimal(minor, currency);
  const toSet = (minor: number): MoneySet => ({
    shop_money: { amount: toText(minor), currency_code: currency },
    presentment_money: {
      amount: toDecimal(Math.round(minor * presentment.rate * scale), presentment.currency),
      currency_code: presentment.currency,
    },
  });
  return { toText, toSet };
}

/** An amount of an order that the lab itself wrote, in minor units. */
export function readMinor(amount: string, currency: string): number {
  const minor = parseMinor(amount, currency);
  if (minor === null) throw new RangeError(`"${amount}" is not an amount of money`);
  return minor;
}
