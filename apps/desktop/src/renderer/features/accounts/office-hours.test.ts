import { officeHoursSchema } from '@tradewind/shared/chat/office-hours';
import { expect, test } from 'vitest';
import { defaultOfficeHours, readOfficeHours, setDay } from './office-hours.ts';

test('hours begin as a working week the server accepts', () => {
  const hours = defaultOfficeHours('Asia/Shanghai');
  expect(officeHoursSchema.parse(hours)).toEqual(hours);
  expect(Object.keys(hours.days)).toEqual(['mon', 'tue', 'wed', 'thu', 'fri']);
});

test('changing a day leaves its further spans and the other days as they are', () => {
  const hours = readOfficeHours({
    timeZone: 'UTC',
    days: {
      mon: [
        ['09:00', '12:00'],
        ['13:00', '18:00'],
      ],
    },
  });
  expect(hours && setDay(hours, 'mon', ['08:00', '12:00']).days.mon).toEqual([
    ['08:00', '12:00'],
    ['13:00', '18:00'],
  ]);
  expect(hours && setDay(hours, 'mon', null).days.mon).toEqual([]);
});

test('an end before its beginning stays in the form: somebody is still typing', () => {
  const typed = { timeZone: 'UTC', days: { mon: [['18:00', '09:00']] } };
  expect(readOfficeHours(typed)).toEqual(typed);
  expect(readOfficeHours(null)).toBeNull();
});
