import { parseMinor } from '@tradewind/shared/money';
import { LabError } from '../context.ts';
import {
  type AddressDraft,
  changeAddress,
  createMoneyWriter,
  type Presentment,
  type ShopifyAddress,
  type ShopifyCustomer,
  type ShopifyLine,
  type ShopifyOrder,
  toShopifyTime,
} from './order.ts';

export interface OrderLineDraft {
  title: string;
  quantity: number;
  /** Decimal text in the order's currency: `"1200"` for JPY, `"3.250"` for KWD. */
  price: string;
  sku?: string | undefined;
  variant?: string | undefined;
}

/** What a buyer puts in the basket. Currency and one line are enough; without `customer` it is a guest's order. */
export interface OrderDraft {
  currency: string;
  lines: OrderLineDraft[];
  customer?:
    | {
        id?: number | null | undefined;
        firstName: string;
        lastName: string;
        email?: string | null | undefined;
        phone?: string | null | undefined;
      }
    | null
    | undefined;
  /** Contact data of a guest; a customer's own otherwise. */
  email?: string | undefined;
  phone?: string | undefined;
  locale?: string | undefined;
  shippingAddress?: AddressDraft | null | undefined;
  /** Decimal text. */
  shipping?: string | undefined;
  discount?: string | undefined;
  /** Included in the prices. */
  taxPercent?: number | undefined;
  presentment?: Presentment | undefined;
  note?: string | undefined;
  tags?: string[] | undefined;
  paid?: boolean | undefined;
  test?: boolean | undefined;
  /** Made up by the shop when missing. */
  id?: number | undefined;
  number?: number | undefined;
}

function readAmount(text: string, currency: string, field: string): number {
  const minor = parseMinor(text, currency);
  if (minor === null) throw new LabError(`${field}: "${text}" is not a decimal amount such as "12.50"`);
  return minor;
}

function toAddress(draft: AddressDraft, customer: ShopifyCustomer | null): ShopifyAddress {
  const firstName = draft.first_name ?? customer?.first_name ?? '';
  const lastName = draft.last_name ?? customer?.last_name ?? '';
  const empty: ShopifyAddress = {
    first_name: firstName,
    last_name: lastName,
    name: `${firstName} ${lastName}`.trim(),
    company: null,
    address1: '',
    address2: null,
    city: '',
    province: null,
    zip: '',
    country: '',
    country_code: '',
    phone: customer?.phone ?? null,
  };
  return changeAddress(empty, draft);
}

function toCustomer(draft: OrderDraft['customer'], nextId: () => number): ShopifyCustomer | null {
  if (!draft) return null;
  return {
    id: draft.id === undefined ? nextId() : draft.id,
    email: draft.email ?? null,
    phone: draft.phone ?? null,
    first_name: draft.firstName,
    last_name: draft.lastName,
  };
}

/**
 * @param made - `nextId` gives ids above 2^32 as Shopify's are; `number` is the order's label; `nowMs` when it was placed.
 * @throws LabError for an amount that is none, or an order without lines.
 */
export function createOrder(
  draft: OrderDraft,
  made: { nextId: () => number; number: number; nowMs: number },
): ShopifyOrder {
  const { currency } = draft;
  if (draft.lines.length === 0) throw new LabError('lines: an order needs at least one line');
  const money = createMoneyWriter(currency, draft.presentment);
  const lines = draft.lines.map((line): ShopifyLine => {
    const priceMinor = readAmount(line.price, currency, 'price');
    return {
      id: made.nextId(),
      product_id: made.nextId(),
      variant_id: made.nextId(),
      title: line.title,
      variant_title: line.variant ?? null,
      sku: line.sku ?? '',
      quantity: line.quantity,
      current_quantity: line.quantity,
      fulfillable_quantity: line.quantity,
      fulfillment_status: null,
      price: money.toText(priceMinor),
      price_set: money.toSet(priceMinor),
      total_discount: money.toText(0),
    };
  });
  const goodsMinor = draft.lines.reduce(
    (sum, line) => sum + line.quantity * readAmount(line.price, currency, 'price'),
    0,
  );
  const discountMinor = readAmount(draft.discount ?? '0', currency, 'discount');
  const shippingMinor = readAmount(draft.shipping ?? '0', currency, 'shipping');
  const subtotalMinor = goodsMinor - discountMinor;
  const totalMinor = subtotalMinor + shippingMinor;
  const percent = draft.taxPercent ?? 0;
  const taxMinor = Math.round((totalMinor * percent) / (100 + percent));
  const id = draft.id ?? made.nextId();
  const number = draft.number ?? made.number;
  const customer = toCustomer(draft.customer, made.nextId);
  const address = draft.shippingAddress ? toAddress(draft.shippingAddress, customer) : null;
  const email = draft.email ?? customer?.email ?? '';
  const at = toShopifyTime(made.nowMs);
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${number}`,
    order_number: number,
    number: number - 1000,
    email,
    contact_email: email || null,
    phone: draft.phone ?? null,
    customer,
    customer_locale: draft.locale ?? null,
    currency,
    presentment_currency: draft.presentment?.currency ?? currency,
    total_price: money.toText(totalMinor),
    total_price_set: money.toSet(totalMinor),
    current_total_price: money.toText(totalMinor),
    current_total_price_set: money.toSet(totalMinor),
    subtotal_price: money.toText(subtotalMinor),
    subtotal_price_set: money.toSet(subtotalMinor),
    current_subtotal_price: money.toText(subtotalMinor),
    total_tax: money.toText(taxMinor),
    total_tax_set: money.toSet(taxMinor),
    total_discounts: money.toText(discountMinor),
    total_discounts_set: money.toSet(discountMinor),
    total_shipping_price_set: money.toSet(shippingMinor),
    taxes_included: true,
    financial_status: draft.paid === false ? 'pending' : 'paid',
    fulfillment_status: null,
    cancelled_at: null,
    cancel_reason: null,
    closed_at: null,
    created_at: at,
    processed_at: at,
    updated_at: at,
    test: draft.test ?? false,
    line_items: lines,
    shipping_address: address,
    billing_address: address,
    shipping_lines:
      shippingMinor > 0
        ? [
            {
              id: made.nextId(),
              title: 'Standard',
              price: money.toText(shippingMinor),
              price_set: money.toSet(shippingMinor),
            },
          ]
        : [],
    fulfillments: [],
    refunds: [],
    note: draft.note ?? null,
    note_attributes: [],
    tags: (draft.tags ?? []).join(', '),
    gateway: 'lab-pay',
  };
}
