import { expect, test } from 'vitest';
import { createRandom } from '../testing/random.ts';
import { decodeCheckpoint, encodeCheckpoint } from './sync.ts';

const encode = (value: unknown) => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_');

test('a checkpoint comes back as it was given, and fits into a URL as it is', () => {
  const random = createRandom(7);
  for (let round = 0; round < 500; round++) {
    const checkpoint = {
      deskId: `desk-${Math.floor(random() * 1e6)}`,
      seq: Math.floor(random() * 2 ** 53),
      // Every printable character of ASCII, so that `+`, `/` and padding occur.
      mark: String.fromCharCode(...Array.from({ length: round % 13 }, () => 32 + Math.floor(random() * 95))),
    };
    const text = encodeCheckpoint(checkpoint);
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCheckpoint(text)).toEqual(checkpoint);
  }
});

test.each([
  ['', 'nothing'],
  ['%%%', 'not base64'],
  ['bm90IGpzb24', 'not JSON'],
  [encode(null), 'null'],
  [encode([]), 'a list'],
  [encode({}), 'no fields'],
  [encode({ deskId: 'd', seq: '5', mark: 'm' }), 'seq as text'],
  [encode({ deskId: 'd', seq: -1, mark: 'm' }), 'seq below zero'],
  [encode({ deskId: 'd', seq: 1.5, mark: 'm' }), 'seq with a fraction'],
  [encode({ deskId: 'd', seq: 1e300, mark: 'm' }), 'seq beyond what counts exactly'],
  [encode({ deskId: 'd', seq: 5 }), 'no mark'],
  [`${encode({ deskId: 'd', seq: 5, mark: 'm' })}!`, 'a stray character'],
  ['A'.repeat(100_000), 'very long'],
])('%.20s… is no checkpoint: %s', (text) => {
  expect(decodeCheckpoint(text)).toBeNull();
});

test('any cut or changed text gives null or a checkpoint of the right shape, never an error', () => {
  const random = createRandom(8);
  const whole = encodeCheckpoint({ deskId: 'desk-1', seq: 123_456, mark: 'k3Qz' });
  for (let round = 0; round < 2_000; round++) {
    const at = Math.floor(random() * whole.length);
    const changed = whole.slice(0, at) + String.fromCharCode(Math.floor(random() * 300)) + whole.slice(at + 1);
    for (const text of [changed, whole.slice(0, at)]) {
      const decoded = decodeCheckpoint(text);
      if (decoded !== null) expect(Number.isSafeInteger(decoded.seq) && decoded.seq >= 0).toBe(true);
    }
  }
});
