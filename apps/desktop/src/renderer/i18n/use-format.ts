import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, resolveLocale } from './format.ts';

const TICK_MS = 30_000;
let nowMs = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function readNow(): number {
  // While nobody listens the clock stands; the first reader must not see an old time.
  if (listeners.size === 0) nowMs = Date.now();
  return nowMs;
}

/** The time of day to half a minute, for "5 min ago"; one timer for the whole window. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, readNow);
}

/** The locale for dates and numbers: the UI's language, in the region the system is set to where that fits. */
export function useLocale(): string {
  return resolveLocale(useTranslation().i18n.language, navigator.languages);
}

/** How long ago, kept current, for the middle of a sentence. */
export function useAgo(at: number): string {
  const locale = useLocale();
  return formatAgo(at, useNow(), locale);
}
