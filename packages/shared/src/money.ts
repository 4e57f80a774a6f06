// Minor-unit exponents that differ from 2 (ISO 4217, list one).
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** The number of decimal digits of a currency's minor unit: 2 unless ISO 4217 says otherwise. */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/**
 * Reads a decimal amount as integer minor units, without ever going through a binary float (R13).
 *
 * @param amount - decimal text as shops send it: `"1200"`, `"1200.00"`, `"-5.5"`, `"12.345"`.
 * @param currency - ISO 4217 code; its exponent decides the scale. Surplus digits are rounded half away from zero.
 * @returns minor units, or null when the text is not a decimal number or is beyond 2^53.
 */
export function parseMinor(amount: string, currency: string): number | null {
  const match = /^\s*([+-]?)(\d+)(?:\.(\d*))?\s*$/.exec(amount);
  if (!match) return null;
  const [, sign, whole = '0', fraction = ''] = match;
  const exponent = currencyExponent(currency);
  const kept = fraction.slice(0, exponent).padEnd(exponent, '0');
  let minor = BigInt(whole + kept);
  if ((fraction.charCodeAt(exponent) || 48) >= 53) minor += 1n;
  const value = Number(minor);
  if (!Number.isSafeInteger(value)) return null;
  return sign === '-' && value !== 0 ? -value : value;
}

/** Minor units as decimal text in the currency's scale: `(123456, 'KWD')` → `"123.456"`. */
export function toDecimal(minor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** An amount for people, in the order's own currency; an unknown code falls back to the plain number and the code. */
export function formatMoney(minor: number, currency: string, locale: string): string {
  const decimal = toDecimal(minor, currency);
  if (!/^[A-Z]{3}$/.test(currency)) return currency ? `${decimal} ${currency}` : decimal;
  const exponent = currencyExponent(currency);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  }).format(decimal as unknown as number); // Intl reads decimal text exactly; its older typing asks for a number.
}
