// Compared without case, `-` and `_`. Whole names, and names that end so: `apiKey`, `newPassword`, `shippingAddress`.
// biome-ignore format: a list of words
const HIDDEN_NAMES = new Set([
  'authorization', 'cookie', 'cookies', 'setcookie', 'body', 'rawbody', 'text', 'html', 'subject', 'preview', 'note', 'query',
  'parameters', 'detail', 'to', 'cc', 'bcc', 'from', 'recipient', 'recipients', 'sender', 'participants', 'customername', 'ip',
  'config', 'secrets',
]);
// biome-ignore format: a list of words
const HIDDEN_ENDINGS = [
  'token', 'password', 'secret', 'key', 'signature', 'email', 'emails', 'phone', 'phones', 'address', 'addresses', 'credentials',
];
const MAIL_ADDRESS = /[^\s@"'<>()[\],;:\\]+@[^\s@"'<>()[\],;:\\]+/g;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]+/gi;
const SESSION_TOKEN = /\btw_[A-Za-z0-9_-]{20,}/g;
// A query may hold search words, addresses and signed parameters.
const URL_QUERY = /(\bhttps?:\/\/[^\s?#"]+)\?[^\s"]*/g;
const URL_CREDENTIALS = /:\/\/[^\s/@]*@/g;

export const REDACTED = '[redacted]';

function isHidden(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
  return HIDDEN_NAMES.has(plain) || HIDDEN_ENDINGS.some((ending) => plain.endsWith(ending));
}

/** Hides what looks like a credential or a mail address inside a sentence. */
export function scrubText(text: string): string {
  return text
    .replaceAll(URL_CREDENTIALS, `://${REDACTED}@`)
    .replaceAll(URL_QUERY, `$1?${REDACTED}`)
    .replaceAll(BEARER, `$1 ${REDACTED}`)
    .replaceAll(SESSION_TOKEN, REDACTED)
    .replaceAll(MAIL_ADDRESS, (found) => (found.includes(REDACTED) ? found : REDACTED));
}

/** A copy in which every value with a telling name is hidden, at any depth, and every sentence is scrubbed. */
export function redact(value: unknown): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isHidden(name) && inner !== null ? REDACTED : redact(inner)]),
  );
}
