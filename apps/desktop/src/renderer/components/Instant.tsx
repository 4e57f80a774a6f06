import { formatAgo, formatFull, formatTime } from '../i18n/format.ts';
import { useLocale, useNow } from '../i18n/use-format.ts';

/** How long ago, kept current; the full time on hover. */
export function Ago({ at }: { at: number }) {
  const locale = useLocale();
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFull(at, locale)}>
      {formatAgo(at, now, locale)}
    </time>
  );
}

/** The time of day; the full time on hover. */
export function Clock({ at }: { at: number }) {
  const locale = useLocale();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFull(at, locale)}>
      {formatTime(at, locale)}
    </time>
  );
}
