import { parseMinor } from '@tradewind/shared/money';
import { ParseError } from '../../connector.ts';

/** @throws ParseError naming the field when the amount is missing or no decimal number. */
export function readAmount(field: string, amount: string | null | undefined, currency: string): number {
  if (amount === null || amount === undefined || amount.trim() === '') throw new ParseError(`${field} is missing.`);
  const minor = parseMinor(amount, currency);
  if (minor === null) throw new ParseError(`${field} is not an amount: "${amount.slice(0, 40)}".`);
  return minor;
}

/** An amount that may be left out, which then is zero. */
export function readOptionalAmount(field: string, amount: string | null, currency: string): number {
  return amount === null || amount.trim() === '' ? 0 : readAmount(field, amount, currency);
}

/** @throws ParseError naming the field when it is no ISO 4217 code. */
export function readCurrency(field: string, currency: string | null | undefined): string {
  const code = currency?.toUpperCase() ?? '';
  if (code === '') throw new ParseError(`${field} is missing.`);
  if (!/^[A-Z]{3}$/.test(code)) throw new ParseError(`${field} is not a currency code: "${code.slice(0, 40)}".`);
  return code;
}
