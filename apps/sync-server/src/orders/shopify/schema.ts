import { z } from 'zod';
import { cleanText, toSingleLine } from '../../mail/text.ts';

// Bodies are read by `parseLosslessJson`: numbers are text here, ids and amounts alike.

const id = z.string(missingOr('is not an id')).regex(/^\d{1,40}$/, 'is not an id');
const optionalId = z
  .string()
  .regex(/^\d{1,40}$/, 'is not an id')
  .nullish()
  .transform(orNull);
/** One line of text; absent and null are `''`. */
const line = z
  .string('is not text')
  .nullish()
  .transform((text) => toSingleLine(text ?? ''));
const block = z
  .string('is not text')
  .nullish()
  .transform((text) => cleanText(text ?? ''));
/** A word of the shop's own, such as a status; absent and empty are null. */
const word = line.transform((text) => (text === '' ? null : text));
const decimal = z.string('is not an amount').nullish().transform(orNull);
const count = z
  .string(missingOr('is not a whole number'))
  .regex(/^-?\d{1,9}(\.0+)?$/, 'is not a whole number')
  .transform(Number);

// With an offset or Z: without one nobody knows which instant is meant.
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** ISO date to epoch milliseconds; absent and null are null. */
const instant = z
  .string('is not a date')
  .nullish()
  .transform((text, context) => {
    if (text === null || text === undefined || text === '') return null;
    const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) {
      context.addIssue('is not a date with a time zone');
      return z.NEVER;
    }
    return at;
  });

const moneySet = z
  .object({ shop_money: z.object({ amount: decimal, currency_code: word }).nullish() })
  .nullish()
  .transform((set) => set?.shop_money ?? null);

function missingOr(problem: string) {
  return {
    error: (issue: { input?: unknown }) => (issue.input === undefined || issue.input === null ? 'is missing' : problem),
  };
}

function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item, 'is not a list')
    .nullish()
    .transform((items) => items ?? []);
}

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}

export const fulfilmentBodySchema = z.object({
  id,
  order_id: optionalId,
  status: word,
  shipment_status: word,
  tracking_company: word,
  tracking_number: word,
  tracking_numbers: listOf(line),
  tracking_url: word,
  tracking_urls: listOf(line),
  created_at: instant,
  updated_at: instant,
});
export type FulfilmentBody = z.infer<typeof fulfilmentBodySchema>;

export const refundBodySchema = z.object({
  id,
  order_id: optionalId,
  created_at: instant,
  processed_at: instant,
  note: block,
  refund_line_items: listOf(z.object({ line_item_id: id, quantity: count, subtotal: decimal, subtotal_set: moneySet })),
  transactions: listOf(
    z.object({ id: optionalId, kind: word, status: word, amount: decimal, currency: word, amount_set: moneySet }),
  ),
});
export type RefundBody = z.infer<typeof refundBodySchema>;

const addressBodySchema = z.object({
  name: line,
  first_name: line,
  last_name: line,
  company: line,
  address1: line,
  address2: line,
  city: line,
  province: line,
  zip: line,
  country: line,
  phone: line,
});
export type AddressBody = z.infer<typeof addressBodySchema>;

const lineItemBodySchema = z.object({
  id: optionalId,
  title: line,
  sku: line,
  quantity: count,
  current_quantity: count.nullish(),
  price: decimal,
  price_set: moneySet,
  product_id: optionalId,
  variant_id: optionalId,
});
export type LineItemBody = z.infer<typeof lineItemBodySchema>;

export const orderBodySchema = z.object({
  id,
  name: line,
  order_number: line,
  email: line,
  contact_email: line,
  phone: line,
  currency: word,
  total_price: decimal,
  total_price_set: moneySet,
  current_total_price: decimal,
  subtotal_price: decimal,
  total_tax: decimal,
  total_discounts: decimal,
  financial_status: word,
  fulfillment_status: word,
  cancelled_at: instant,
  cancel_reason: word,
  created_at: instant,
  processed_at: instant,
  updated_at: instant,
  test: z.boolean().nullish(),
  note: block,
  tags: z.union([line, z.array(line).transform((tags) => tags.join(','))], 'is not text'),
  customer: z
    .object({ id: optionalId, email: line, phone: line, first_name: line, last_name: line })
    .nullish()
    .transform(orNull),
  shipping_address: addressBodySchema.nullish().transform(orNull),
  billing_address: addressBodySchema.nullish().transform(orNull),
  line_items: listOf(lineItemBodySchema),
  fulfillments: listOf(fulfilmentBodySchema),
  refunds: listOf(refundBodySchema),
});
export type OrderBody = z.infer<typeof orderBodySchema>;

export const deletedBodySchema = z.object({ id });
