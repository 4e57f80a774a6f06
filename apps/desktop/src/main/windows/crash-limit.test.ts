import { expect, test } from 'vitest';
import { CrashLimit } from './crash-limit.ts';

test('a page is loaded again three times in five minutes, not more', () => {
  const limit = new CrashLimit();
  expect([0, 1_000, 2_000, 3_000].map((at) => limit.allows(at))).toEqual([true, true, true, false]);
  expect(limit.allows(5 * 60_000)).toBe(true);
  expect(limit.allows(5 * 60_000 + 500)).toBe(false);
});

test('when the person says "try again" the count begins anew', () => {
  const limit = new CrashLimit();
  for (let at = 0; at < 4; at++) limit.allows(at);
  limit.reset();
  expect(limit.allows(10)).toBe(true);
});
