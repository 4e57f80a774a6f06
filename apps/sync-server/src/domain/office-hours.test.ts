import { type OfficeHours, officeHoursSchema } from '@tradewind/shared/chat/office-hours';
import { expect, test } from 'vitest';
import { findOpening } from './office-hours.ts';

const at = (iso: string) => Date.parse(iso);
const workdays = (timeZone: string): OfficeHours => ({
  timeZone,
  days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '18:00']]])),
});

test('hours are those of the place, whatever clock the server has', () => {
  // 2026-03-04 is a Wednesday.
  expect(findOpening(workdays('Asia/Shanghai'), at('2026-03-04T01:00:00Z'))).toEqual({
    open: true,
    changesAt: at('2026-03-04T10:00:00Z'),
  });
  expect(findOpening(workdays('Asia/Shanghai'), at('2026-03-04T00:59:59Z'))).toEqual({
    open: false,
    changesAt: at('2026-03-04T01:00:00Z'),
  });
});

test('the end is not within the hours, and a weekend is passed over', () => {
  expect(findOpening(workdays('Asia/Shanghai'), at('2026-03-06T10:00:00Z'))).toEqual({
    open: false,
    changesAt: at('2026-03-09T01:00:00Z'),
  });
});

test('a break at noon closes', () => {
  const hours: OfficeHours = {
    timeZone: 'UTC',
    days: {
      wed: [
        ['13:30', '18:00'],
        ['09:00', '12:00'],
      ],
    },
  };
  expect(findOpening(hours, at('2026-03-04T12:30:00Z'))).toEqual({
    open: false,
    changesAt: at('2026-03-04T13:30:00Z'),
  });
  expect(findOpening(hours, at('2026-03-04T18:30:00Z'))).toEqual({
    open: false,
    changesAt: at('2026-03-11T09:00:00Z'),
  });
});

test('daylight saving time moves the instant, not the wall clock', () => {
  // Berlin goes from +01:00 to +02:00 on Sunday 2026-03-29, and back on 2026-10-25.
  expect(findOpening(workdays('Europe/Berlin'), at('2026-03-27T20:00:00Z')).changesAt).toBe(at('2026-03-30T07:00:00Z'));
  expect(findOpening(workdays('Europe/Berlin'), at('2026-10-23T20:00:00Z')).changesAt).toBe(at('2026-10-26T08:00:00Z'));
});

test('hours that lie where the clocks jump', () => {
  const night: OfficeHours = { timeZone: 'Europe/Berlin', days: { sun: [['02:30', '04:00']] } };
  // 02:30 does not exist on the 29th of March: it opens as late as the hour is skipped, at 03:30 summer time.
  expect(findOpening(night, at('2026-03-28T12:00:00Z')).changesAt).toBe(at('2026-03-29T01:30:00Z'));
  expect(findOpening(night, at('2026-03-29T01:45:00Z'))).toEqual({ open: true, changesAt: at('2026-03-29T02:00:00Z') });
  // 02:30 comes twice on the 25th of October: the first one opens, and the second is within.
  expect(findOpening(night, at('2026-10-24T12:00:00Z')).changesAt).toBe(at('2026-10-25T00:30:00Z'));
  expect(findOpening(night, at('2026-10-25T01:30:00Z'))).toEqual({ open: true, changesAt: at('2026-10-25T03:00:00Z') });
});

test('midnight between two open days changes nothing', () => {
  const hours: OfficeHours = { timeZone: 'UTC', days: { wed: [['20:00', '24:00']], thu: [['00:00', '02:00']] } };
  expect(findOpening(hours, at('2026-03-04T23:00:00Z'))).toEqual({ open: true, changesAt: at('2026-03-05T02:00:00Z') });
});

test('always open and never open have no next change', () => {
  const whole: [string, string][] = [['00:00', '24:00']];
  const always = { mon: whole, tue: whole, wed: whole, thu: whole, fri: whole, sat: whole, sun: whole };
  for (const timeZone of ['UTC', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Niue', 'Asia/Kathmandu']) {
    expect(findOpening({ timeZone, days: always }, at('2026-03-04T23:00:00Z'))).toEqual({
      open: true,
      changesAt: null,
    });
    expect(findOpening({ timeZone, days: {} }, at('2026-03-04T23:00:00Z'))).toEqual({ open: false, changesAt: null });
  }
});

test('hours that mean nothing are refused in words', () => {
  const explain = (hours: unknown) => officeHoursSchema.safeParse(hours).error?.issues.map((one) => one.message);
  expect(explain({ timeZone: 'Mars/Base', days: {} })).toEqual([
    'must be the name of a time zone, such as Asia/Shanghai',
  ]);
  expect(explain({ timeZone: 'UTC', days: { mon: [['18:00', '09:00']] } })).toEqual([
    'must end after it begins; hours over midnight are two entries, one to 24:00',
  ]);
  expect(explain({ timeZone: 'UTC', days: { mon: [['9', '25:00']] } })).toContain(
    'must be a time such as 09:00, at most 24:00',
  );
  expect(officeHoursSchema.safeParse({ timeZone: 'UTC', days: { monday: [] } }).success).toBe(false);
});
