import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const list = { name: 'orders', order: 'desc', filters: { storeId: 's1' } };

test('a cursor comes back as its keys', () => {
  expect(decodeCursor(encodeCursor([1700000000000, 'o1'], list), list, ['number', 'string'])).toEqual([
    1700000000000,
    'o1',
  ]);
});

test.each([
  ['another filter', encodeCursor([1, 'o1'], { ...list, filters: {} })],
  ['another order', encodeCursor([1, 'o1'], { ...list, order: 'asc' })],
  ['other keys', encodeCursor(['1', 'o1'], list)],
  ['too few keys', encodeCursor([1], list)],
  ['U+0000', encodeCursor([1, 'o\u0000'], list)],
  ['a fraction', encodeCursor([1.5, 'o1'], list)],
  ['no JSON', 'bm90IGpzb24'],
  ['no base64', '%%%'],
  ['nothing', ''],
  ['a very long text', 'A'.repeat(100_000)],
])('a cursor with %s is refused', (_what, text) => {
  expect(() => decodeCursor(text, list, ['number', 'string'])).toThrow(expect.objectContaining({ kind: 'bad-input' }));
});
