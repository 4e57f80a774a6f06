import { type OfficeHours, type Weekday, weekdays } from '@tradewind/shared/chat/office-hours';
import { z } from 'zod';

/** Hours while they are typed: an end may stand before its beginning until both are there. The server has the last word. */
const typedSchema = z.object({
  timeZone: z.string(),
  days: z.partialRecord(z.enum(weekdays), z.array(z.tuple([z.string(), z.string()]))),
});

/** Monday to Friday, nine to six: what most begin with. */
export function defaultOfficeHours(timeZone: string): OfficeHours {
  return {
    timeZone,
    days: Object.fromEntries(weekdays.slice(0, 5).map((day) => [day, [['09:00', '18:00']]])),
  };
}

export function readOfficeHours(value: unknown): OfficeHours | null {
  return typedSchema.safeParse(value).data ?? null;
}

/** Sets one day's first span, or closes the day; further spans, which the form does not show, stay. */
export function setDay(hours: OfficeHours, day: Weekday, span: readonly [string, string] | null): OfficeHours {
  const rest = (hours.days[day] ?? []).slice(1);
  return { ...hours, days: { ...hours.days, [day]: span === null ? [] : [[span[0], span[1]], ...rest] } };
}
