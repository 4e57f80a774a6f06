import type { Fulfilment, Refund } from '@tradewind/shared/schemas/order';
import { readAmount, readCurrency } from './amount.ts';
import type { FulfilmentBody, RefundBody } from './schema.ts';

/**
 * A refund with what was really paid back: its successful refund transactions, each once. Line subtotals say what was
 * taken back, not what was paid, and come as binary floats besides (platforms/shopify.md).
 *
 * @param path - where the refund stands in the body, for errors.
 * @param orderCurrency - null when the refund came without its order.
 */
export function toRefund(body: RefundBody, path: string, orderCurrency: string | null, fallbackAt: number): Refund {
  const paid = new Map<string, { amountMinor: number; currency: string }>();
  for (const [index, transaction] of body.transactions.entries()) {
    if (transaction.kind !== 'refund' || transaction.status !== 'success') continue;
    const field = `${path}transactions[${index}]`;
    const shop = transaction.amount_set;
    const code = shop?.currency_code ?? transaction.currency ?? orderCurrency ?? currencyOfLines(body);
    const currency = readCurrency(`${field}.currency`, code);
    const amountMinor = readAmount(`${field}.amount`, shop?.amount ?? transaction.amount, currency);
    paid.set(transaction.id ?? String(index), { amountMinor, currency });
  }
  const transactions = [...paid.values()];
  const currency = transactions[0]?.currency ?? orderCurrency ?? currencyOfLines(body) ?? '';
  return {
    externalId: body.id,
    amountMinor: transactions.reduce((sum, one) => sum + (one.currency === currency ? one.amountMinor : 0), 0),
    currency,
    note: body.note,
    createdAt: body.created_at ?? body.processed_at ?? fallbackAt,
    lines: body.refund_line_items.map((line, index) => ({
      lineExternalId: line.line_item_id,
      quantity: line.quantity,
      subtotalMinor: toSubtotal(line, `${path}refund_line_items[${index}].subtotal`, currency),
    })),
  };
}

function currencyOfLines(body: RefundBody): string | null {
  return body.refund_line_items.find((line) => line.subtotal_set?.currency_code)?.subtotal_set?.currency_code ?? null;
}

function toSubtotal(line: RefundBody['refund_line_items'][number], field: string, currency: string): number | null {
  const amount = line.subtotal_set?.amount ?? line.subtotal;
  return amount === null || currency === '' ? null : readAmount(field, amount, currency);
}

/** A fulfilment, one for each of its parcels: the first has the fulfilment's id, the others `id/2`, `id/3` and so on. */
export function toFulfilments(body: FulfilmentBody, fallbackAt: number): Fulfilment[] {
  const numbers = listOnce(body.tracking_numbers, body.tracking_number);
  const urls = listOnce(body.tracking_urls, body.tracking_url).map(toHttpUrl);
  return Array.from({ length: Math.max(numbers.length, 1) }, (_, index) => ({
    externalId: index === 0 ? body.id : `${body.id}/${index + 1}`,
    trackingNumber: numbers[index] ?? null,
    carrier: body.tracking_company,
    url: urls[index] ?? null,
    status: body.status ?? 'pending',
    shipmentStatus: body.shipment_status,
    updatedAt: body.updated_at ?? body.created_at ?? fallbackAt,
  }));
}

/** The list, or the single value of older bodies. */
function listOnce(list: readonly string[], single: string | null): string[] {
  const values = [...new Set(list.filter((value) => value !== ''))];
  return values.length > 0 || single === null ? values : [single];
}

/** Only ever http or https: the console makes a link of it. */
function toHttpUrl(value: string): string | null {
  const url = URL.parse(value);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}
