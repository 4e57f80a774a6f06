import { createRandom } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import { backoffMs, MAX_SEND_ATTEMPTS } from './backoff.ts';

const shortest = () => 0;
const longest = () => 1;

test.each([
  [1, 1_000, 2_000],
  [2, 2_000, 4_000],
  [5, 16_000, 32_000],
  [10, 300_000, 600_000],
  [1_000, 300_000, 600_000],
])('after attempt %i waits between %i and %i ms', (attempts, from, to) => {
  expect(backoffMs(attempts, shortest)).toBe(from);
  expect(backoffMs(attempts, longest)).toBe(to);
});

test('what the platform asked for is never shortened, and does not shorten our own wait', () => {
  const random = createRandom(3);
  for (let attempt = 1; attempt <= MAX_SEND_ATTEMPTS; attempt++) {
    expect(backoffMs(attempt, random, 3_600_000)).toBe(3_600_000);
    expect(backoffMs(attempt, shortest, 10)).toBe(backoffMs(attempt, shortest));
  }
});

test('messages stopped by one outage do not come back all at once', () => {
  const random = createRandom(9);
  const waits = Array.from({ length: 200 }, () => backoffMs(4, random));
  expect(new Set(waits).size).toBeGreaterThan(150);
});

test('all attempts together take about half an hour', () => {
  const total = (random: () => number) =>
    Array.from({ length: MAX_SEND_ATTEMPTS - 1 }, (_, index) => backoffMs(index + 1, random)).reduce(
      (a, b) => a + b,
      0,
    );
  expect(total(shortest)).toBeGreaterThan(15 * 60_000);
  expect(total(longest)).toBeLessThan(40 * 60_000);
});
