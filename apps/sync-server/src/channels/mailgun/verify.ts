import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { RawWebhook, VerifiedFacts, VerifyResult } from '../../connector.ts';
import { getHeader, normaliseMessageId } from '../../mail/headers.ts';
import { toSingleLine } from '../../mail/text.ts';
import { FormError } from '../../net/form-body.ts';
import type { MailgunConfig } from './config.ts';
import { readEventBody, toDedupeKey } from './event-body.ts';
import { firstField, hasField, hashForm, lastField, type MailgunForm, mediaTypeOf, readForm } from './form.ts';
import { readMailHeaders } from './parse-headers.ts';

/** How far a sender's clock may be ahead of ours. */
export const MAX_FUTURE_SKEW_MS = 300_000;
// Events are a few kilobytes; only mail needs the 40 MB that the route takes.
const MAX_EVENT_BYTES = 5_242_880;

interface Signature {
  timestamp: string;
  token: string;
  signature: string;
}

/**
 * Proves a request of Mailgun genuine (platforms/mailgun.md): inbound forms, JSON events and the older form events.
 *
 * 401 no signature, 406 a wrong one (tells Mailgun to stop), 403 a correct one that is too old or from the future: never
 * 406 there, because a retry of a genuine mail may come late. 400 and 415 for what is no request of Mailgun at all.
 */
export function verifyMailgun(request: RawWebhook, config: MailgunConfig, nowMs: number): VerifyResult {
  if (config.signingKey === '') return reject(401, 'no signing key is configured');
  if (request.body.length === 0) return reject(400, 'the body is empty');
  const contentType = request.headers['content-type'] ?? '';
  try {
    if (mediaTypeOf(contentType) === 'application/json') return verifyEvent(request.body, config, nowMs);
    const form = readForm(request.body, contentType);
    const timestamp = lastField(form, 'timestamp');
    const token = lastField(form, 'token');
    const signature = lastField(form, 'signature');
    if (timestamp === null || token === null || signature === null)
      return reject(401, 'the signature fields are missing');
    const problem = check({ timestamp, token, signature }, config, nowMs);
    return problem ?? accept({ ...describeForm(form, request.pathSuffix), ...oneTime(token, hashForm(form)) });
  } catch (error) {
    if (error instanceof FormError) return reject(mediaTypeIsKnown(contentType) ? 400 : 415, error.message);
    // Whatever else a hostile body may provoke (nesting beyond the stack, say) is the sender's fault, not ours.
    return reject(400, 'the body cannot be read');
  }
}

function verifyEvent(body: Buffer, config: MailgunConfig, nowMs: number): VerifyResult {
  if (body.length > MAX_EVENT_BYTES) return reject(413, 'the event is too large');
  const event = readEventBody(body);
  if (!event) return reject(400, 'the body is not a JSON object');
  if (!event.signature) return reject(401, 'the signature object is missing');
  const problem = check(event.signature, config, nowMs);
  if (problem) return problem;
  const { name, messageId, content } = event;
  return accept({
    topic: toKey(name ?? 'event'),
    laneKey: toKey(messageId ?? event.signature.token),
    dedupeKey: toDedupeKey(event),
    ...oneTime(event.signature.token, hash('sha256', content, 'buffer')),
  });
}

function check({ timestamp, token, signature }: Signature, config: MailgunConfig, nowMs: number): VerifyResult | null {
  if (timestamp === '' || token === '' || signature === '') return reject(401, 'the signature fields are empty');
  const expected = createHmac('sha256', config.signingKey)
    .update(timestamp + token)
    .digest();
  const given = Buffer.from(signature, 'hex'); // stops at the first character that is not hex
  const wellFormed = signature.length === 64 && given.length === expected.length;
  if (!timingSafeEqual(wellFormed ? given : Buffer.alloc(expected.length), expected) || !wellFormed) {
    return reject(406, 'the signature is wrong');
  }
  if (!/^\d{1,12}(\.\d+)?$/.test(timestamp)) return reject(403, 'the timestamp cannot be read');
  if (!/^[\x20-\x7e]{1,200}$/.test(token)) return reject(403, 'the token cannot be read');
  const ageMs = nowMs - Number(timestamp) * 1000;
  if (ageMs > config.maxAgeSeconds * 1000) return reject(403, 'the request is too old');
  if (ageMs < -MAX_FUTURE_SKEW_MS) return reject(403, 'the timestamp lies in the future');
  return null;
}

/**
 * Lanes: mails of one person stay in order, because the second one often continues the first; a thread is no better key,
 * as its first mail does not name it. Reports stay in order by the message they are about.
 */
function describeForm(form: MailgunForm, pathSuffix: string): Omit<VerifiedFacts, 'oneTimeToken'> {
  const kind = kindOfForm(form, pathSuffix);
  if (kind === 'event') {
    const id = normaliseMessageId(getHeader(readMailHeaders(form), 'message-id'));
    const name = firstField(form, 'event') ?? 'event';
    return { topic: toKey(name), laneKey: toKey(id ?? name), dedupeKey: null };
  }
  const from = firstField(form, 'from') ?? firstField(form, 'sender') ?? '';
  const address = (/<([^<>]*)>[^<>]*$/.exec(from)?.[1] ?? from).toLowerCase();
  // Message-Id keeps a mail from being stored twice; an exact replay is known by its token.
  return { topic: kind, laneKey: toKey(address), dedupeKey: null };
}

export type FormKind = 'inbound' | 'inbound-mime' | 'inbound-stored' | 'event';

/**
 * Which of Mailgun's forms this is. The raw form is believed only where the address asks for it or no parsed field is
 * there: anyone can send a mail with a header `body-mime`, which then is a field of that name.
 */
export function kindOfForm(form: MailgunForm, pathSuffix: string): FormKind {
  const has = (name: string) => hasField(form, name);
  if (has('body-mime') && (/(^|\/)mime$/.test(pathSuffix) || !has('message-headers'))) return 'inbound-mime';
  if (has('event') && !has('from') && !has('sender') && !has('body-plain')) return 'event';
  return has('message-url') ? 'inbound-stored' : 'inbound';
}

function oneTime(token: string, contentHash: Buffer): Pick<VerifiedFacts, 'oneTimeToken'> {
  return { oneTimeToken: { token, contentHash } };
}

/** Short enough for an index, free of what the database refuses. */
function toKey(text: string): string {
  return toSingleLine(text).slice(0, 320).toWellFormed();
}

function mediaTypeIsKnown(contentType: string): boolean {
  return ['application/x-www-form-urlencoded', 'multipart/form-data'].includes(mediaTypeOf(contentType));
}

function accept(facts: VerifiedFacts): VerifyResult {
  return { ok: true, facts };
}

function reject(status: number, reason: string): VerifyResult {
  return { ok: false, status, reason };
}
