import type { OrderLine, PostalAddress, Refund } from '@tradewind/shared/schemas/order';
import { type IncomingOrder, ParseError } from '../../connector.ts';
import { isMailAddress } from '../../mail/addresses.ts';
import { readAmount, readCurrency, readOptionalAmount } from './amount.ts';
import type { AddressBody, LineItemBody, OrderBody } from './schema.ts';
import { toShopifyStatus } from './status.ts';
import { toFulfilments, toRefund } from './to-parts.ts';

/**
 * An order in our words. Amounts are in the shop's currency: `total_price` and its siblings always are, whatever the
 * buyer paid in.
 *
 * @throws ParseError naming the field that is missing or cannot be read.
 */
export function toOrder(body: OrderBody): IncomingOrder {
  const currency = readCurrency('currency', body.currency ?? body.total_price_set?.currency_code);
  const total = body.total_price ?? body.total_price_set?.amount ?? null;
  const totalMinor = readAmount('total_price', total, currency);
  const updatedAt = body.updated_at ?? body.processed_at ?? body.created_at;
  if (updatedAt === null) throw new ParseError('updated_at is missing.');
  const refunds = toRefunds(body, currency, updatedAt);
  const refundedMinor = refunds.reduce(
    (sum, refund) => sum + (refund.currency === currency ? refund.amountMinor : 0),
    0,
  );
  const fulfilments = body.fulfillments.flatMap((fulfilment) => toFulfilments(fulfilment, updatedAt));
  const facts = {
    cancelledAt: body.cancelled_at,
    financialStatus: body.financial_status,
    fulfilmentStatus: body.fulfillment_status,
    fulfilments,
  };
  return {
    ...facts,
    externalId: body.id,
    number: body.name || (body.order_number === '' ? body.id : `#${body.order_number}`),
    status: toShopifyStatus(facts),
    cancelReason: body.cancel_reason,
    currency,
    totalMinor,
    currentTotalMinor:
      body.current_total_price === null
        ? Math.max(totalMinor - refundedMinor, 0)
        : readAmount('current_total_price', body.current_total_price, currency),
    subtotalMinor: readOptionalAmount('subtotal_price', body.subtotal_price, currency),
    taxMinor: readOptionalAmount('total_tax', body.total_tax, currency),
    discountMinor: readOptionalAmount('total_discounts', body.total_discounts, currency),
    refundedMinor,
    refunds,
    lines: body.line_items.map((line, index) => toLine(line, index, currency)),
    email: toEmail(body.email) ?? toEmail(body.contact_email),
    phone: body.phone === '' ? null : body.phone,
    shippingAddress: body.shipping_address === null ? null : toPostalAddress(body.shipping_address),
    note: body.note,
    tags: body.tags.split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()])),
    placedAt: body.created_at ?? body.processed_at ?? updatedAt,
    externalUpdatedAt: updatedAt,
    test: body.test ?? false,
    customer: toContact(body),
  };
}

/** Each refund once, should the shop list one twice. */
function toRefunds(body: OrderBody, currency: string, updatedAt: number): Refund[] {
  const refunds = body.refunds.map((refund, index) => toRefund(refund, `refunds[${index}].`, currency, updatedAt));
  return [...new Map(refunds.map((refund) => [refund.externalId, refund])).values()];
}

function toLine(body: LineItemBody, index: number, currency: string): OrderLine {
  return {
    externalId: body.id ?? `line-${index + 1}`,
    title: body.title,
    sku: body.sku,
    quantity: body.quantity,
    currentQuantity: body.current_quantity ?? body.quantity,
    unitPriceMinor: readAmount(`line_items[${index}].price`, body.price ?? body.price_set?.amount, currency),
    productId: body.product_id,
    variantId: body.variant_id,
  };
}

/** Who the customer is recognised by; guests may have nothing at all. */
function toContact({
  customer,
  email,
  contact_email,
  phone,
  shipping_address,
  billing_address,
}: OrderBody): IncomingOrder['customer'] {
  return {
    externalId: customer?.id ?? null,
    name:
      joinName(customer?.first_name ?? '', customer?.last_name ?? '') ||
      toName(shipping_address) ||
      toName(billing_address),
    email: toEmail(email) ?? toEmail(contact_email) ?? toEmail(customer?.email ?? ''),
    phone: toE164(phone) ?? toE164(customer?.phone ?? ''),
  };
}

function toName(address: AddressBody | null): string {
  return address === null ? '' : address.name || joinName(address.first_name, address.last_name);
}

const EAST_ASIAN = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー・]+$/u;

/** Chinese, Japanese and Korean names have the family name first and no blank. */
function joinName(first: string, last: string): string {
  return EAST_ASIAN.test(first) && EAST_ASIAN.test(last) ? last + first : `${first} ${last}`.trim();
}

function toEmail(text: string): string | null {
  return isMailAddress(text) ? text.toLowerCase() : null;
}

/** Only numbers that say their country: guessing one would join strangers. */
function toE164(text: string): string | null {
  const digits = text.replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}

function toPostalAddress(body: AddressBody): PostalAddress {
  return {
    name: toName(body),
    company: body.company,
    line1: body.address1,
    line2: body.address2,
    city: body.city,
    region: body.province,
    postalCode: body.zip,
    country: body.country,
    phone: body.phone,
  };
}
