/** One field or file of a form, its bytes as they were sent. */
export interface FormPart {
  name: string;
  bytes: Buffer;
  /** Null for plain fields. */
  fileName: string | null;
  /** The part's own Content-Type; null when it has none. */
  contentType: string | null;
}

/** A form that cannot be read; its sentence is for the caller. */
export class FormError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FormError';
  }
}

// Before a signature is checked anyone can post a body of nothing but separators: millions of parts would eat the memory.
// Mails with thousands of headers exist, and Mailgun posts each header as a field too.
const MAX_PARTS = 20_000;
const MAX_PART_HEADER_BYTES = 16_384;

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/**
 * Reads `application/x-www-form-urlencoded`, keeping bytes: what a percent-encoded value means depends on its charset,
 * which the URL standard's parser takes to be UTF-8 and destroys otherwise.
 *
 * @throws FormError when there are too many fields.
 */
export function parseUrlEncoded(body: Buffer): FormPart[] {
  const parts: FormPart[] = [];
  const decoded = Buffer.allocUnsafe(body.length);
  let written = 0;
  let start = 0;
  let nameEnd = -1;
  const finish = () => {
    if (written > start || nameEnd >= 0) {
      if (parts.length === MAX_PARTS) throw new FormError('the form has too many fields');
      const end = nameEnd < 0 ? written : nameEnd;
      parts.push({
        name: decoded.toString('utf8', start, end),
        bytes: decoded.subarray(end, written),
        fileName: null,
        contentType: null,
      });
    }
    start = written;
    nameEnd = -1;
  };
  for (let index = 0; index < body.length; index++) {
    const byte = body[index] ?? 0;
    if (byte === AMPERSAND) {
      finish();
    } else if (byte === EQUALS && nameEnd < 0) {
      nameEnd = written;
    } else if (byte === PLUS) {
      decoded[written++] = SPACE;
    } else if (byte === PERCENT) {
      const high = hexDigit(body[index + 1]);
      const low = hexDigit(body[index + 2]);
      if (high < 0 || low < 0) decoded[written++] = byte;
      else {
        decoded[written++] = (high << 4) | low;
        index += 2;
      }
    } else {
      decoded[written++] = byte;
    }
  }
  finish();
  return parts;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/**
 * Reads `multipart/form-data` (RFC 7578) from a whole body; parts are views into it, nothing is copied.
 *
 * @throws FormError when the boundary is missing, the body ends before its closing boundary, or a part has no name.
 */
export function parseMultipart(body: Buffer, contentType: string): FormPart[] {
  const boundary = parseParameter(contentType, 'boundary');
  if (boundary === null || boundary === '' || boundary.length > 200)
    throw new FormError('the multipart boundary is missing');
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  const parts: FormPart[] = [];
  // The first delimiter may stand at the very start, without the line break before it.
  const opening = delimiter.subarray(2);
  let position = body.subarray(0, opening.length).equals(opening) ? opening.length : after(body, delimiter, 0);
  while (position >= 0) {
    if (body.toString('latin1', position, position + 2) === '--') return parts;
    const headerStart = skipPadding(body, position);
    const headerEnd = body.indexOf('\r\n\r\n', headerStart, 'latin1');
    if (headerEnd < 0 || headerEnd - headerStart > MAX_PART_HEADER_BYTES) break;
    const end = body.indexOf(delimiter, headerEnd + 2);
    if (end < 0) break;
    if (parts.length === MAX_PARTS) throw new FormError('the form has too many parts');
    parts.push(
      readPart(body.toString('latin1', headerStart, headerEnd), body.subarray(Math.min(headerEnd + 4, end), end)),
    );
    position = end + delimiter.length;
  }
  throw new FormError('the multipart body is cut off or damaged');
}

function after(body: Buffer, delimiter: Buffer, from: number): number {
  const index = body.indexOf(delimiter, from);
  return index < 0 ? -1 : index + delimiter.length;
}

/** Delimiters may be followed by spaces before their line ends (RFC 2046, transport padding). */
function skipPadding(body: Buffer, position: number): number {
  let index = position;
  while (body[index] === SPACE || body[index] === 0x09) index++;
  if (body[index] !== 0x0d || body[index + 1] !== 0x0a) throw new FormError('the multipart body is damaged');
  // A part without headers has its empty line here: step back, so that it is found as the end of the headers.
  return body[index + 2] === 0x0d ? index : index + 2;
}

function readPart(head: string, bytes: Buffer): FormPart {
  let disposition: string | null = null;
  let contentType: string | null = null;
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (name === 'content-disposition') disposition = line.slice(colon + 1);
    else if (name === 'content-type') contentType = line.slice(colon + 1).trim();
  }
  const name = disposition === null ? null : parseParameter(disposition, 'name');
  if (disposition === null || name === null) throw new FormError('a multipart part has no name');
  const plain = parseParameter(disposition, 'filename');
  const fileName = parseExtended(parseParameter(disposition, 'filename*')) ?? (plain === null ? null : asUtf8(plain));
  return { name: asUtf8(name), bytes, fileName, contentType };
}

/** A parameter of a header value, quoted or not: `('form-data; name="a"', 'name')` → `a`. */
export function parseParameter(header: string, name: string): string | null {
  const pattern = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]*))/g;
  for (const match of header.matchAll(pattern)) {
    if (match[1]?.toLowerCase() === name) return match[2] === undefined ? (match[3] ?? '') : unquote(match[2]);
  }
  return null;
}

/** Only quotes and backslashes are ever escaped; a lone backslash belongs to a Windows path. */
function unquote(text: string): string {
  return text.replace(/\\(["\\])/g, '$1');
}

function asUtf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1')
    .toString('utf8')
    .replace(/%(22|0A|0D)/gi, (escaped: string) => decodeURIComponent(escaped)); // how browsers escape them in names
}

/** `UTF-8''%E5%9B%BE.png` (RFC 5987). */
function parseExtended(value: string | null): string | null {
  const match = value === null ? null : /^utf-8'[^']*'(.*)$/i.exec(value);
  if (!match) return null;
  try {
    return decodeURIComponent(match[1] ?? '');
  } catch {
    return null; // broken escapes: the plain name stands
  }
}
