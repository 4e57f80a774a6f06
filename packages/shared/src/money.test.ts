import { expect, test } from 'vitest';
import { currencyExponent, formatMoney, parseMinor, toDecimal } from './money.ts';
import { createRandom, pick } from './testing/random.ts';

test.each([
  ['1200', 'JPY', 1_200],
  ['1200.00', 'JPY', 1_200],
  ['12.345', 'KWD', 12_345],
  ['12.3', 'KWD', 12_300],
  ['49.90', 'EUR', 4_990],
  ['49.9', 'EUR', 4_990],
  ['49', 'EUR', 4_900],
  ['49.', 'EUR', 4_900],
  ['0.0001', 'CLF', 1],
  ['-5.5', 'USD', -550],
  ['+5.5', 'USD', 550],
  [' 5.50 ', 'USD', 550],
  ['007.10', 'USD', 710],
  ['0.00', 'USD', 0],
  ['1.10', 'XXX', 110],
])('[R13] reads %j %s as %i minor units', (text, currency, minor) => {
  expect(parseMinor(text, currency)).toBe(minor);
});

test.each([
  ['0.004', 'EUR', 0],
  ['0.005', 'EUR', 1],
  ['-0.005', 'EUR', -1],
  ['1.999', 'EUR', 200],
  ['9.9999', 'KWD', 10_000],
  ['1200.5', 'JPY', 1_201],
  ['1200.49', 'JPY', 1_200],
  // As a binary float this is 1.00499999…, which would be rounded down.
  ['1.005', 'EUR', 101],
])('[R13] rounds surplus digits of %j %s half away from zero: %i', (text, currency, minor) => {
  expect(parseMinor(text, currency)).toBe(minor);
});

test('[R13] never gives a negative zero', () => {
  expect(Object.is(parseMinor('-0.00', 'EUR'), 0)).toBe(true);
  expect(Object.is(parseMinor('-0.001', 'EUR'), 0)).toBe(true);
});

test('[R13] is exact up to 2^53 - 1 and says so beyond it', () => {
  expect(parseMinor('90071992547409.91', 'EUR')).toBe(Number.MAX_SAFE_INTEGER);
  expect(parseMinor('-90071992547409.91', 'EUR')).toBe(-Number.MAX_SAFE_INTEGER);
  expect(parseMinor('90071992547409.92', 'EUR')).toBeNull();
  expect(parseMinor('9'.repeat(400), 'JPY')).toBeNull();
});

test.each(['', ' ', '.', '.5', '-', '1,200.00', '1e3', '0x10', 'NaN', 'Infinity', '12 00', '١٢', '--1', '1.2.3'])(
  '[R13] %j is not a decimal amount',
  (text) => {
    expect(parseMinor(text, 'EUR')).toBeNull();
  },
);

test.each([
  [0, 'EUR', '0.00'],
  [5, 'EUR', '0.05'],
  [-5, 'EUR', '-0.05'],
  [123_456, 'KWD', '123.456'],
  [1_200, 'JPY', '1200'],
  [-1_200, 'JPY', '-1200'],
  [1, 'CLF', '0.0001'],
])('writes %i %s as %s', (minor, currency, text) => {
  expect(toDecimal(minor, currency)).toBe(text);
});

test('[R13] what is written is read back, for any amount and currency', () => {
  const random = createRandom(13);
  for (let round = 0; round < 2_000; round++) {
    const size = 10 ** Math.floor(random() * 16);
    const minor = Math.round((random() - 0.5) * size) || 0;
    const currency = pick(random, ['EUR', 'JPY', 'KWD', 'CLF', 'USD']);
    expect(parseMinor(toDecimal(minor, currency), currency), `${minor} ${currency}`).toBe(minor);
  }
});

test('knows the currencies whose minor unit is not a hundredth', () => {
  expect(['JPY', 'KRW', 'VND', 'CLP'].map(currencyExponent)).toEqual([0, 0, 0, 0]);
  expect(['KWD', 'BHD', 'TND'].map(currencyExponent)).toEqual([3, 3, 3]);
  expect(['EUR', 'CNY', 'TWD', 'HUF'].map(currencyExponent)).toEqual([2, 2, 2, 2]);
});

test.each([
  [123_456, 'KWD', 'en', 'KWD\u00a0123.456'],
  [1_200, 'JPY', 'en', '¥1,200'],
  [-550, 'USD', 'en', '-$5.50'],
  [4_990, 'EUR', 'zh-CN', '€49.90'],
  [4_990, 'points', 'en', '49.90 points'],
  [4_990, '', 'en', '49.90'],
  // More digits than a double holds: Intl gets the decimal text.
  [Number.MAX_SAFE_INTEGER, 'EUR', 'en', '€90,071,992,547,409.91'],
])('shows %i %s in %s as %s', (minor, currency, locale, text) => {
  expect(formatMoney(minor, currency, locale)).toBe(text);
});
