import { isUtf8 } from 'node:buffer';

/** Text that the database takes: U+0000 removed, halves of surrogate pairs replaced. Everything else stays as it is. */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

// Control characters except those that `toSingleLine` turns into spaces.
const CONTROL = /(?![\t\r\n\v\f])\p{Cc}/gu;
// Blanks before the break stay: looking for them makes long runs of blanks take quadratic time.
const LINE_BREAK = /[\t\r\n\v\f]+ */g;

/** For subjects, names and headers: one line, no control characters, no spaces at the ends. */
export function toSingleLine(text: string): string {
  return text.replace(CONTROL, '').replace(LINE_BREAK, ' ').trim().toWellFormed();
}

/** Body text: line ends as `\n`, whatever the sender's system. */
export function toBodyText(text: string): string {
  return cleanText(text).replace(/\r\n?/g, '\n');
}

/**
 * Decodes bytes whose charset is uncertain: as declared, else UTF-8, else the charset that the bytes themselves allow.
 *
 * Bytes that are valid UTF-8 are practically never anything else. GB18030 comes next because Chinese mail is where wrong
 * labels are common, and because it refuses most Western text, which then is Windows-1252.
 *
 * @param charsets - labels to try first, best first; unknown ones and UTF-8 are skipped.
 */
export function decodeText(bytes: Buffer, charsets: readonly (string | null | undefined)[] = []): string {
  const utf8 = isUtf8(bytes);
  // ISO-2022 and HZ are made of ASCII bytes only: the label is the only way to know.
  if (utf8 && !charsets.some(isEscapedCharset)) return bytes.toString('utf8');
  for (const charset of [...charsets, 'gb18030']) {
    const text = charset ? decodeStrictly(bytes, charset) : null;
    if (text !== null) return text;
  }
  return utf8 ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes);
}

/** Decodes by one charset; null where the label is unknown or the bytes are not of that charset. */
export function decodeStrictly(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(widenCharset(charset), { fatal: true }).decode(bytes);
  } catch {
    return null; // RangeError: no such charset; TypeError: other bytes
  }
}

function isEscapedCharset(charset: string | null | undefined): boolean {
  return charset !== null && charset !== undefined && /^\s*(iso-2022-|hz-gb)/i.test(charset);
}

/** Mail labels GB18030 text as GB2312 or GBK; its decoder reads all three. */
function widenCharset(charset: string): string {
  const label = charset.trim().toLowerCase();
  return /^(gb-?2312|gbk|gb_2312-80|x-gbk|cp936|ms936|euc-cn)$/.test(label) ? 'gb18030' : label;
}
