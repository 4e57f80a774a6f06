import { z } from 'zod';

/** A time zone by its IANA name, such as `Asia/Shanghai`, as far as this runtime knows it. */
export const timeZoneSchema = z
  .string('must be a time zone')
  .max(100, 'must have at most 100 characters')
  .refine(isTimeZone, 'must be the name of a time zone, such as Asia/Shanghai')
  .meta({ description: 'An IANA name.' });

function isTimeZone(name: string): boolean {
  try {
    // Offsets such as +08:00 are understood too, but they are not where anybody is: clocks change there.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false; // a RangeError is how Intl says that it does not know the name
  }
}
