import type { ChatSettings } from '@tradewind/shared/chat/wire';
import type { Words } from './words/words.ts';

export interface Presence {
  kind: 'online' | 'away' | 'closed';
  text: string;
}

type Hours = Pick<ChatSettings, 'open' | 'changesAt' | 'agentsOnline'>;

const DAY_MS = 86_400_000;

/** Whether somebody is there, and else when: in the zone of the visitor. */
export function describePresence(settings: Hours, now: number, words: Words, locale: string): Presence {
  const { open, changesAt } = toHoursNow(settings, now);
  if (open) {
    const kind = settings.agentsOnline ? 'online' : 'away';
    return { kind, text: words[kind] };
  }
  if (changesAt === null) return { kind: 'closed', text: words.closed };
  return { kind: 'closed', text: words.back(describeMoment(changesAt, now, words, locale)) };
}

/** The settings may be older than the last change they speak of; what comes after it they do not say. */
function toHoursNow({ open, changesAt }: Hours, now: number): Pick<Hours, 'open' | 'changesAt'> {
  return changesAt !== null && changesAt <= now ? { open: !open, changesAt: null } : { open, changesAt };
}

function describeMoment(at: number, now: number, words: Words, locale: string): string {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
  const days = Math.round((startOfDay(at) - startOfDay(now)) / DAY_MS);
  if (days === 0) return words.at(words.today, time);
  if (days === 1) return words.at(words.tomorrow, time);
  const format: Intl.DateTimeFormatOptions = days < 7 ? { weekday: 'long' } : { month: 'long', day: 'numeric' };
  const day = new Intl.DateTimeFormat(locale, format).format(at);
  return words.at(words.on(day), time);
}

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** "today", "yesterday" or the date, for the line between two days. */
export function describeDay(at: number, now: number, words: Words, locale: string): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, { weekday: 'short', month: 'short', day: 'numeric', ...year }).format(at);
}
