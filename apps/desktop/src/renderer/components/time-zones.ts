export interface TimeZone {
  /** IANA name, such as `Asia/Shanghai`. */
  id: string;
  /** The place, such as `Shanghai`. */
  place: string;
  /** What the time is called there, in the reader's language. */
  name: string;
  /** Such as `GMT+8`. */
  offset: string;
  /** Everything it is found by, lower case. */
  search: string;
}

function partOf(zone: string, locale: string, style: 'longGeneric' | 'shortOffset'): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: style }).formatToParts();
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

export function describeTimeZone(id: string, locale: string): TimeZone {
  const place = (id.split('/').at(-1) ?? id).replaceAll('_', ' ');
  try {
    const name = partOf(id, locale, 'longGeneric');
    const offset = partOf(id, 'en', 'shortOffset');
    return { id, place, name, offset, search: fold(`${id} ${place} ${name} ${offset}`) };
  } catch {
    return { id, place, name: '', offset: '', search: fold(id) }; // of a server that knows more zones than this browser
  }
}

/** Every zone this browser knows, by name. */
export function listTimeZones(locale: string): TimeZone[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((id) => id !== 'UTC')].map((id) =>
    describeTimeZone(id, locale),
  );
}

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Letters alike whatever their accents, case and underscores: `Sao Paulo` finds `America/São_Paulo`. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('_', ' ').toLowerCase();
}

/** The zones that have every word of what was typed; those whose place begins with it come first. */
export function findTimeZones(zones: readonly TimeZone[], typed: string): TimeZone[] {
  const wanted = fold(typed.trim());
  const words = wanted.split(/\s+/).filter(Boolean);
  const found = zones.filter(({ search }) => words.every((word) => search.includes(word)));
  const starts = (zone: TimeZone) => fold(zone.place).startsWith(wanted);
  return [...found.filter(starts), ...found.filter((zone) => !starts(zone))];
}
