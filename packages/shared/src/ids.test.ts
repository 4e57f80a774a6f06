import { expect, test } from 'vitest';
import { createUuidV7, isUuidV7 } from './ids.ts';
import { createRandom } from './testing/random.ts';

const fill = (byte: number) => (size: number) => new Uint8Array(size).fill(byte);

test('has the layout of RFC 9562: time, version 7, variant 10', () => {
  // The instant of the example in RFC 9562, appendix A.6.
  expect(createUuidV7(0x017f22e279b0, fill(0xff))).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
  expect(createUuidV7(0x017f22e279b0, fill(0x00))).toBe('017f22e2-79b0-7000-8000-000000000000');
});

test('sorts by time as text', () => {
  const random = createRandom(1);
  const bytes = (size: number) => Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
  const instants = [0, 1, 255, 256, 1_767_603_600_000, 1_767_603_600_001, 2 ** 48 - 1];
  const ids = instants.map((at) => createUuidV7(at, bytes));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every(isUuidV7)).toBe(true);
});

test('two made in the same millisecond differ', () => {
  const ids = Array.from({ length: 1_000 }, () => createUuidV7(1_767_603_600_000));
  expect(new Set(ids).size).toBe(1_000);
});

test.each([
  ['', 'nothing'],
  ['017f22e2-79b0-4fff-bfff-ffffffffffff', 'version 4'],
  ['017f22e2-79b0-7fff-cfff-ffffffffffff', 'another variant'],
  ['017F22E2-79B0-7FFF-BFFF-FFFFFFFFFFFF', 'capitals'],
  ['017f22e279b07fffbfffffffffffffff', 'no dashes'],
  ['017f22e2-79b0-7fff-bfff-ffffffffffff\n', 'a line break after it'],
])('%j is not the canonical form: %s', (text) => {
  expect(isUuidV7(text)).toBe(false);
});
