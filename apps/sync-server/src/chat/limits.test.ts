import { AppError } from '@tradewind/shared/protocol/errors';
import { expect, test } from 'vitest';
import { ChatLimits } from './limits.ts';

/** How many of these pass before one is refused. */
function countUntilRefused(take: () => void): number {
  for (let count = 0; count < 10_000; count++) {
    try {
      take();
    } catch (error) {
      expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: expect.any(Number) });
      expect(error).toBeInstanceOf(AppError);
      return count;
    }
  }
  throw new Error('never refused');
}

test('one visitor is refused long before his whole address is, and takes nothing from it then', () => {
  const limits = new ChatLimits();
  const own = countUntilRefused(() => limits.take('message', 'flooder', '203.0.113.7', 0));
  for (let index = 0; index < 1_000; index++)
    countUntilRefused(() => limits.take('message', 'flooder', '203.0.113.7', 0));
  const others = countUntilRefused(() => limits.take('message', `visitor ${Math.random()}`, '203.0.113.7', 0));
  expect([own, others]).toEqual([30, 270]);
  limits.take('message', 'elsewhere', '203.0.113.8', 0);
});

test('connections are limited by address, since tokens cost nothing', () => {
  const limits = new ChatLimits();
  expect(countUntilRefused(() => limits.takeConnection('2001:db8::1', 0))).toBe(600);
  expect(countUntilRefused(() => limits.takeConnection('2001:db8::2', 0))).toBe(0);
  limits.takeConnection('2001:db8::1', 200);
});

test('connections that stay are limited by address too: each takes memory for as long as it is open', () => {
  const limits = new ChatLimits();
  let nowMs = 0;
  const connect = (address: string) => {
    nowMs += 1_000; // slow enough for every other limit
    limits.takeConnection(address, nowMs);
    return limits.holdConnection(address);
  };
  const releases: (() => void)[] = [];
  expect(countUntilRefused(() => releases.push(connect(`2001:db8::${releases.length.toString(16)}`)))).toBe(2_000);
  expect(() => connect('2001:db8::1')).toThrow(expect.objectContaining({ retryAfterMs: 60_000 }));
  connect('203.0.113.7');
  releases[0]?.();
  connect('2001:db8::1');
  expect(() => connect('2001:db8::1')).toThrow(AppError);
});
