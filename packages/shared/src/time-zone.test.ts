import { expect, test } from 'vitest';
import { timeZoneSchema } from './time-zone.ts';

test.each(['UTC', 'Asia/Shanghai', 'america/sao_paulo'])('%s is a time zone', (name) => {
  expect(timeZoneSchema.parse(name)).toBe(name);
});

test.each(['', 'Mars/Olympus', '+08:00', '-03', ' UTC', 'x'.repeat(101), 8, null])('%j is none', (name) => {
  expect(timeZoneSchema.safeParse(name).success).toBe(false);
});
