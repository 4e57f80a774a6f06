import { expect, test } from 'vitest';
import { formatAgo, formatBytes, formatDay, resolveLocale } from './format.ts';

const now = new Date('2026-03-10T15:00:00').getTime();
const before = (ms: number) => now - ms;

test('relative up to a day, then the date, then with the year', () => {
  expect(formatAgo(before(20_000), now, 'en')).toBe('now');
  expect(formatAgo(before(20_000), now, 'zh-CN')).toBe('刚刚');
  expect(formatAgo(before(5 * 60_000), now, 'en')).toBe('5m ago');
  expect(formatAgo(before(23 * 3_600_000), now, 'en')).toBe('23h ago');
  expect(formatAgo(before(3 * 86_400_000), now, 'en')).toBe('Mar 7');
  expect(formatAgo(before(300 * 86_400_000), now, 'zh-CN')).toBe('2025年5月14日');
});

test('a clock ahead of ours never says "in the future"', () => {
  expect(formatAgo(now + 90_000, now, 'en')).toBe('now');
});

test('days are calendar days, not 24 hours', () => {
  expect(formatDay(new Date('2026-03-09T23:59:00').getTime(), now, 'en')).toBe('Yesterday');
  expect(formatDay(now, now, 'zh-CN')).toBe('今天');
  expect(formatDay(new Date('2026-03-01T12:00:00').getTime(), now, 'en-GB')).toBe('Sunday 1 March');
});

test('sizes in the unit people expect', () => {
  expect(formatBytes(2_481_203, 'en')).toBe('2.5 MB');
  expect(formatBytes(48_213, 'en')).toBe('48 kB');
  expect(formatBytes(12, 'en')).toBe('12\u00a0B');
});

test('the region of the system is kept where the language is the same', () => {
  expect(resolveLocale('en', ['zh-CN', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(resolveLocale('zh-CN', ['zh-CN', 'en-GB'])).toBe('zh-CN');
  expect(resolveLocale('en', ['zh-CN'])).toBe('en');
});
