import { type OfficeHours, weekdays } from '@tradewind/shared/chat/office-hours';

export interface Opening {
  open: boolean;
  /** When `open` changes next, epoch milliseconds; null when it never does. */
  changesAt: number | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
// Beyond a week the hours repeat; two days more so that a span that began yesterday or ends late is seen whole.
const DAYS_AHEAD = 8;

/** Whether the desk answers at this instant, by the wall clock of its own time zone, daylight saving time included. */
export function findOpening(hours: OfficeHours, nowMs: number): Opening {
  const today = toWallClock(nowMs, hours.timeZone);
  const midnight = today - (((today % DAY_MS) + DAY_MS) % DAY_MS);
  const lastDay = midnight + DAYS_AHEAD * DAY_MS;
  const spans: { from: number; to: number }[] = [];
  for (let day = midnight - DAY_MS; day <= lastDay; day += DAY_MS) {
    // 1970-01-01 was a Thursday.
    const weekday = weekdays[(((day / DAY_MS + 3) % 7) + 7) % 7] ?? 'mon';
    for (const [from, to] of hours.days[weekday] ?? []) {
      spans.push({
        from: toInstant(day + toMinutes(from) * MINUTE_MS, hours.timeZone),
        to: toInstant(day + toMinutes(to) * MINUTE_MS, hours.timeZone),
      });
    }
  }
  return findIn(mergeSpans(spans), nowMs, toInstant(lastDay + DAY_MS, hours.timeZone));
}

function findIn(spans: readonly { from: number; to: number }[], nowMs: number, horizon: number): Opening {
  const current = spans.find((span) => span.from <= nowMs && nowMs < span.to);
  if (current) return { open: true, changesAt: current.to >= horizon ? null : current.to };
  return { open: false, changesAt: spans.find((span) => span.from > nowMs)?.from ?? null };
}

/** Spans that meet become one: 24:00 and the next day's 00:00 are the same instant, and nothing changes there. */
function mergeSpans(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const merged: { from: number; to: number }[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else if (span.from < span.to) merged.push({ ...span }); // an hour that the clocks skip is no span
  }
  return merged;
}

function toMinutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/**
 * The instant of a wall-clock time, given as if it were UTC. A time that comes twice is its first; one that the clocks skip
 * is as long after the jump as it would have been after the hour before.
 */
function toInstant(wallClock: number, timeZone: string): number {
  const before = offsetAt(wallClock - DAY_MS, timeZone);
  const after = offsetAt(wallClock + DAY_MS, timeZone);
  const candidates = [wallClock - before, wallClock - after].filter(
    (instant) => toWallClock(instant, timeZone) === wallClock,
  );
  return candidates.length > 0 ? Math.min(...candidates) : wallClock - before;
}

function offsetAt(instant: number, timeZone: string): number {
  return toWallClock(instant, timeZone) - instant;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What clocks in the zone show, as if it were UTC; whole seconds. */
function toWallClock(instant: number, timeZone: string): number {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(timeZone, format); // making one costs a hundred times what using it does
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
