import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

test('a burst passes, then one for each moment that goes by', () => {
  const buckets = new TokenBuckets({ burst: 3, perSecond: 2 });
  expect([1, 2, 3].map(() => buckets.take('a', 0))).toEqual([0, 0, 0]);
  expect(buckets.take('a', 0)).toBe(500);
  expect(buckets.take('a', 250)).toBe(250);
  expect(buckets.take('a', 500)).toBe(0);
  expect(buckets.take('a', 500)).toBe(500);
});

test('what is refused costs nothing, and nobody pays for another', () => {
  const buckets = new TokenBuckets({ burst: 1, perSecond: 1 });
  buckets.take('a', 0);
  for (let index = 0; index < 100; index++) buckets.take('a', 1);
  expect(buckets.take('a', 1_000)).toBe(0);
  expect(buckets.take('b', 0)).toBe(0);
});

test('rest fills a bucket, and no further; a clock that goes back takes nothing away', () => {
  const buckets = new TokenBuckets({ burst: 2, perSecond: 1 });
  buckets.take('a', 1_000_000);
  expect(buckets.take('a', 0)).toBe(0);
  expect(buckets.take('a', 3_600_000)).toBe(0);
  expect(buckets.take('a', 3_600_000)).toBe(0);
  expect(buckets.take('a', 3_600_000)).toBe(1_000);
});

test('larger things cost more', () => {
  const buckets = new TokenBuckets({ burst: 10, perSecond: 5 });
  expect(buckets.take('a', 0, 8)).toBe(0);
  expect(buckets.take('a', 0, 8)).toBe(1_200);
  expect(buckets.take('a', 0, 2)).toBe(0);
});

test('made-up keys do not fill the memory, and do not wash away who is limited now', () => {
  const buckets = new TokenBuckets({ burst: 2, perSecond: 0.001 });
  for (let index = 0; index < 200_000; index++) {
    buckets.take(`made-up ${index}`, 0);
    if (index % 1_000 === 0) buckets.take('busy', 0);
  }
  expect(buckets.take('busy', 0)).toBeGreaterThan(0);
});
