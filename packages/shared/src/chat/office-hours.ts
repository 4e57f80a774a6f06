import { z } from 'zod';
import { timeZoneSchema } from '../time-zone.ts';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

// 24:00 is the end of a day, for hours that reach into the next one.
const timeSchema = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 09:00, at most 24:00');
const spanSchema = z
  .tuple([timeSchema, timeSchema])
  .refine(([from, to]) => from < to, 'must end after it begins; hours over midnight are two entries, one to 24:00');
const daySchema = z.array(spanSchema).max(10).optional();

/**
 * When a desk answers its chat: wall-clock times of a place, by weekday. A day left out is closed.
 * `{timeZone: 'Asia/Shanghai', days: {mon: [['09:00', '12:00'], ['13:30', '18:00']]}}`
 */
export const officeHoursSchema = z.strictObject({
  timeZone: timeZoneSchema,
  days: z.strictObject({
    mon: daySchema,
    tue: daySchema,
    wed: daySchema,
    thu: daySchema,
    fri: daySchema,
    sat: daySchema,
    sun: daySchema,
  }),
});
export type OfficeHours = z.infer<typeof officeHoursSchema>;
