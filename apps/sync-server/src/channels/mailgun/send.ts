import type { OutboundMessage, SendContext, SendResult } from '../../connector.ts';
import { normaliseMessageId } from '../../mail/headers.ts';
import { toSingleLine } from '../../mail/text.ts';
import { EgressRefusedError, safeFetch } from '../../net/egress.ts';
import { HttpRequestError, type HttpResponse, parseRetryAfter } from '../../net/http-request.ts';
import { buildSendForm } from './build-request.ts';
import type { MailgunConfig } from './config.ts';
import { asRecord, asText } from './event-body.ts';

const MAX_ANSWER_BYTES = 1_048_576;

// Kinds for answers that repeating does not change (platforms/mailgun.md, Sending).
const FINAL_KINDS: Readonly<Record<number, string>> = {
  400: 'rejected',
  401: 'unauthorised',
  402: 'rejected',
  403: 'forbidden',
  404: 'unknown-domain',
  413: 'too-large',
};

/**
 * Sends one mail. What may be repeated is decided by what is certain (R11; see README.md, Outcomes):
 * nothing left us, or Mailgun itself says that it did not take the message → `failed`; everything else → `unknown`.
 */
export async function sendMail(message: OutboundMessage, context: SendContext<MailgunConfig>): Promise<SendResult> {
  const { config, signal, strictEgress } = context;
  if (config.apiKey === undefined)
    return failed('not-configured', 'The account has no API key, so it can only receive.', false);
  const { contentType, body } = buildSendForm(message, config);
  try {
    const response = await safeFetch(`${config.apiBaseUrl}/v3/${config.domain}/messages`, {
      method: 'POST',
      headers: () => ({ authorization: toBasicAuth(config.apiKey ?? ''), 'content-type': contentType }),
      body,
      allowedOrigin: new URL(config.apiBaseUrl).origin,
      strict: strictEgress,
      signal,
      maxBytes: MAX_ANSWER_BYTES,
    });
    return readAnswer(response, message.externalId, Date.now());
  } catch (error) {
    return readFailure(error);
  }
}

export function toBasicAuth(apiKey: string): string {
  return `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`;
}

/** What an answer means. Exported for its table of tests. */
export function readAnswer({ status, headers, body }: HttpResponse, ownId: string, nowMs: number): SendResult {
  const answer = readJson(body);
  const words = asText(answer.message);
  const text = toSingleLine(words ?? `Mailgun answered ${status}.`).slice(0, 500);
  if (status >= 200 && status < 300) {
    const id = asText(answer.id);
    return { status: 'sent', externalId: (id === null ? null : normaliseMessageId(id)) ?? ownId };
  }
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(headers['retry-after'], nowMs);
    return { ...failed('rate-limited', text, true), ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  }
  if (status < 500) return failed(FINAL_KINDS[status] ?? 'rejected', text, false);
  // Mailgun's own words for its own fault: it did not take the message, and asks for another try. Without them a gateway
  // answered, and what stands behind it may have the message (502 and 504 always come from one).
  const saidByMailgun = words !== null && (status === 500 || status === 503);
  if (saidByMailgun) return failed('unavailable', text, true);
  return { status: 'unknown', reason: `The answer was ${status}; the message may have been accepted.` };
}

function readFailure(error: unknown): SendResult {
  if (error instanceof EgressRefusedError) return failed('address-refused', error.message, false);
  if (error instanceof HttpRequestError && !error.maybeSent) {
    return failed('unreachable', `Mailgun cannot be reached (${error.code}).`, true);
  }
  return { status: 'unknown', reason: 'The connection ended before Mailgun answered.' };
}

function failed(kind: string, text: string, retryable: boolean): Extract<SendResult, { status: 'failed' }> {
  return { status: 'failed', reason: { kind, text }, retryable };
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(body.toString('utf8')));
  } catch {
    return {}; // a gateway's page; the status says enough
  }
}
