import { expect, test } from 'vitest';
import { codeOfStep, createTotpSecret, findStep, toBase32, toStep, toTotpUri } from './totp.ts';

// The secret of the RFCs' own examples.
const SECRET = Buffer.from('12345678901234567890');

// RFC 6238, appendix B, SHA-1. Its codes have eight digits; ours are the last six of the same number.
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238: at %i s the code is the end of %s', (seconds, code) => {
  expect(codeOfStep(SECRET, toStep(seconds * 1_000))).toBe(code.slice(2));
});

test('RFC 4226, appendix D: the codes of the counters from 0 to 9', () => {
  expect(Array.from({ length: 10 }, (_, counter) => codeOfStep(SECRET, counter))).toEqual([
    ...['755224', '287082', '359152', '969429', '338314'],
    ...['254676', '287922', '162583', '399871', '520489'],
  ]);
});

// RFC 4648, section 10, without the padding.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('RFC 4648: base32 of "%s"', (text, expected) => {
  expect(toBase32(Buffer.from(text))).toBe(expected);
});

const NOW_MS = 1_800_000_015_000;
const NOW = toStep(NOW_MS);

test('a code counts in its own step and one step beside it', () => {
  for (const step of [NOW - 1, NOW, NOW + 1])
    expect(findStep(SECRET, codeOfStep(SECRET, step), NOW_MS, null)).toBe(step);
  for (const step of [NOW - 2, NOW + 2]) expect(findStep(SECRET, codeOfStep(SECRET, step), NOW_MS, null)).toBeNull();
});

test('a step used before, and those before it, do not count', () => {
  expect(findStep(SECRET, codeOfStep(SECRET, NOW), NOW_MS, NOW)).toBeNull();
  expect(findStep(SECRET, codeOfStep(SECRET, NOW - 1), NOW_MS, NOW)).toBeNull();
  expect(findStep(SECRET, codeOfStep(SECRET, NOW + 1), NOW_MS, NOW)).toBe(NOW + 1);
});

test.each(['', '1', '12345', '1234567', 'abcdef', '①②③④⑤⑥'])('"%s" is no code', (code) => {
  expect(findStep(SECRET, code, NOW_MS, null)).toBeNull();
});

test('the address holds secret, issuer and account as apps read them', () => {
  const uri = new URL(toTotpUri(SECRET, 'Shop: 客服', 'mei@shop.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toBe('/Shop  客服:mei@shop.example');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: toBase32(SECRET),
    issuer: 'Shop: 客服',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});

test('each secret has 160 bits and is another one', () => {
  expect(createTotpSecret()).toHaveLength(20);
  expect(createTotpSecret().equals(createTotpSecret())).toBe(false);
});
