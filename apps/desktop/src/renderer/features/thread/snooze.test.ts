import { expect, test } from 'vitest';
import { toWakeTime } from './snooze.ts';

const at = (text: string) => new Date(text).getTime();

test('an hour is an hour', () => {
  expect(toWakeTime('hour', at('2026-01-07T23:30:00'))).toBe(at('2026-01-08T00:30:00'));
});

test('tomorrow is the next morning, also over a month’s end', () => {
  expect(toWakeTime('tomorrow', at('2026-01-31T23:30:00'))).toBe(at('2026-02-01T09:00:00'));
});

test('Monday is the next one, never today', () => {
  expect(toWakeTime('monday', at('2026-01-04T12:00:00'))).toBe(at('2026-01-05T09:00:00')); // a Sunday
  expect(toWakeTime('monday', at('2026-01-05T08:00:00'))).toBe(at('2026-01-12T09:00:00')); // a Monday
  expect(toWakeTime('monday', at('2026-01-09T12:00:00'))).toBe(at('2026-01-12T09:00:00')); // a Friday
});
