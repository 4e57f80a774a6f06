/** How this visitor reads times and sizes. */
export interface Format {
  time(at: number): string;
  full(at: number): string;
  size(bytes: number): string;
}

export function createFormat(locale: string): Format {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  return {
    time: (at) => time.format(at),
    full: (at) => full.format(at),
    size(bytes) {
      if (bytes < 1_000) return `${bytes} B`;
      const kilobytes = bytes / 1_024;
      return kilobytes < 1_000 ? `${number.format(Math.ceil(kilobytes))} KB` : `${number.format(kilobytes / 1_024)} MB`;
    },
  };
}
