const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

// Intl objects cost about 50 µs each; a list of hundreds of rows would feel it.
const formatters = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.NumberFormat>();

function cached<T extends Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.NumberFormat>(
  key: string,
  create: () => T,
): T {
  const known = formatters.get(key);
  if (known) return known as T; // the key names the constructor and its options
  const made = create();
  formatters.set(key, made);
  return made;
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(`date ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Finds the region of a UI language: British and American agents read the same words and different dates. */
export function resolveLocale(language: string, systemLanguages: readonly string[]): string {
  return systemLanguages.find((each) => each.toLowerCase().startsWith(`${language.toLowerCase()}-`)) ?? language;
}

/** How long ago, up to a day; then the date, with the year only when it is another one. */
export function formatAgo(at: number, nowMs: number, locale: string): string {
  const age = nowMs - at;
  const relative = cached(
    `relative ${locale}`,
    () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' }),
  );
  // Intl says “现在” (now, at present) of what has just happened.
  if (age < MINUTE_MS) return locale.startsWith('zh') ? '刚刚' : relative.format(0, 'second');
  if (age < HOUR_MS) return relative.format(-Math.floor(age / MINUTE_MS), 'minute');
  if (age < DAY_MS) return relative.format(-Math.floor(age / HOUR_MS), 'hour');
  return formatDate(at, nowMs, locale);
}

export function formatDate(at: number, nowMs: number, locale: string): string {
  const sameYear = new Date(at).getFullYear() === new Date(nowMs).getFullYear();
  return dateFormat(locale, { month: 'short', day: 'numeric', ...(sameYear ? {} : { year: 'numeric' }) }).format(at);
}

export function formatTime(at: number, locale: string): string {
  return dateFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Weekday, date and time, for hovering and for instants that must not be mistaken. */
export function formatFull(at: number, locale: string): string {
  return dateFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

export function formatShort(at: number, locale: string): string {
  return dateFormat(locale, { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Heading of a day in a thread: today, yesterday, else the date with its weekday. */
export function formatDay(at: number, nowMs: number, locale: string): string {
  const days = Math.round((startOfDay(nowMs) - startOfDay(at)) / DAY_MS);
  if (days === 0 || days === 1) {
    const word = cached(`day ${locale}`, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })).format(
      -days,
      'day',
    );
    return word.charAt(0).toLocaleUpperCase(locale) + word.slice(1);
  }
  const sameYear = new Date(at).getFullYear() === new Date(nowMs).getFullYear();
  return dateFormat(locale, {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

export function isSameDay(left: number, right: number): boolean {
  return startOfDay(left) === startOfDay(right);
}

export function formatNumber(value: number, locale: string): string {
  return cached(`number ${locale}`, () => new Intl.NumberFormat(locale)).format(value);
}

/** A file's size in the unit people expect, with one decimal below ten. */
export function formatBytes(sizeBytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let size = sizeBytes;
  let index = 0;
  while (size >= 1000 && index < units.length - 1) {
    size /= 1000;
    index++;
  }
  // Intl's short form of a single byte is the word itself, in English.
  if (index === 0) return `${formatNumber(size, locale)}\u00a0B`;
  const unit = units[index] ?? 'kilobyte';
  return cached(
    `bytes ${locale} ${unit} ${size < 10}`,
    () =>
      new Intl.NumberFormat(locale, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits: size < 10 ? 1 : 0,
      }),
  ).format(size);
}
