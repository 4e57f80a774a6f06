import { normaliseMessageId } from '../../mail/headers.ts';
import { toSingleLine } from '../../mail/text.ts';

/** A JSON event request, as far as it can be read without believing it. */
export interface EventBody {
  signature: { timestamp: string; token: string; signature: string } | null;
  /** `event-data`; empty when it is missing. */
  data: Readonly<Record<string, unknown>>;
  name: string | null;
  id: string | null;
  /** Of the message the event is about, with angle brackets. */
  messageId: string | null;
  /** Epoch milliseconds. */
  at: number | null;
  /** All but the signature as text, keys sorted: equal for equal content. */
  content: string;
}

/** @returns null when the bytes are no JSON object. Throws RangeError when it is nested beyond the stack. */
export function readEventBody(body: Buffer): EventBody | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  // Subaccounts add a block signed by the parent account, which a retry may sign anew like the other.
  const { signature, 'parent-signature': _parent, ...rest } = parsed;
  const data = asRecord(parsed['event-data']);
  const messageId = asText(asRecord(asRecord(data.message).headers)['message-id']);
  return {
    signature: readSignature(signature),
    data,
    name: asText(data.event),
    id: asText(data.id),
    messageId: messageId === null ? null : normaliseMessageId(messageId),
    at: toEpochMs(data.timestamp),
    content: JSON.stringify(rest, (_key, value: unknown) => (isRecord(value) ? sortKeys(value) : value)),
  };
}

/** Mailgun's event ids are unique within a day only, so the day belongs to the key. Null without id or time. */
export function toDedupeKey({ name, id, at }: EventBody): string | null {
  if (name === null || id === null || at === null) return null;
  return `event:${toSingleLine(name).slice(0, 50)}:${toSingleLine(id).slice(0, 200)}:${new Date(at).toISOString().slice(0, 10)}`;
}

function readSignature(value: unknown): EventBody['signature'] {
  const { timestamp, token, signature } = asRecord(value);
  const time = typeof timestamp === 'number' ? String(timestamp) : asText(timestamp);
  const [key, proof] = [asText(token), asText(signature)];
  return time === null || key === null || proof === null ? null : { timestamp: time, token: key, signature: proof };
}

/** Seconds with a fraction to milliseconds; null for what is no instant of this age of the world. */
export function toEpochMs(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 1e11)) return null;
  return Math.round(seconds * 1000);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value where it is an object, else an empty one: reading on finds nothing. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** The value where it is text that says something. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function sortKeys(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
