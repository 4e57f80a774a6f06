import { type InboundEvent, ParseError } from '../../connector.ts';
import { getHeader, normaliseMessageId } from '../../mail/headers.ts';
import { toSingleLine } from '../../mail/text.ts';
import { asRecord, asText, type EventBody, toEpochMs } from './event-body.ts';
import { firstField, lastField, type MailgunForm } from './form.ts';
import { readMailHeaders } from './parse-headers.ts';

type DeliveryEvent = Extract<InboundEvent, { type: 'delivery' }>;
type Outcome = DeliveryEvent['outcome'];

/** What both generations of events say, in one form. */
interface Report {
  name: string;
  /** `failed` only: anything but `temporary` is final. */
  temporary: boolean;
  messageId: string | null;
  recipient: string;
  at: number;
  code: string;
  reason: string;
  explanation: string;
}

const OUTCOMES: ReadonlyMap<string, Outcome> = new Map<string, Outcome>([
  ['accepted', 'accepted'],
  ['delivered', 'delivered'],
  ['opened', 'read'],
  ['unsubscribed', 'unsubscribed'],
  ['complained', 'complained'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
  // Names of the form events.
  ['bounced', 'failed'],
  ['dropped', 'failed'],
]);

/** A JSON event. Unknown kinds are `ignored`; a known one without its message or name cannot be read. */
export function parseEventBody({ data, name, messageId, at }: EventBody, receivedAtMs: number): InboundEvent {
  if (name === null) throw new ParseError('event-data.event is missing.');
  const delivery = asRecord(data['delivery-status']);
  const reject = asRecord(data.reject);
  return toEvent({
    name,
    temporary: data.severity === 'temporary',
    messageId,
    recipient: asText(data.recipient) ?? '',
    at: at ?? receivedAtMs,
    code: String(delivery.code ?? ''),
    reason: asText(data.reason) ?? asText(reject.reason) ?? '',
    explanation: asText(delivery.message) ?? asText(delivery.description) ?? asText(reject.description) ?? '',
  });
}

/** An event of the older form format, which some accounts still send. */
export function parseEventForm(form: MailgunForm, receivedAtMs: number): InboundEvent {
  const read = (name: string) => firstField(form, name) ?? '';
  // Bounces, drops and complaints tell the message only by its headers.
  const id = getHeader(readMailHeaders(form), 'message-id');
  return toEvent({
    name: read('event'),
    temporary: read('severity') === 'temporary',
    messageId: normaliseMessageId(id),
    recipient: read('recipient'),
    at: toEpochMs(lastField(form, 'timestamp')) ?? receivedAtMs,
    code: read('code'),
    reason: read('reason'),
    explanation: read('error') || read('description') || read('notification'),
  });
}

function toEvent(report: Report): InboundEvent {
  const name = toSingleLine(report.name).slice(0, 50);
  const known = OUTCOMES.get(name);
  if (known === undefined) return { type: 'ignored', reason: `events "${name}" change nothing here` };
  const outcome = known === 'failed' && report.temporary ? 'delayed' : known;
  if (report.messageId === null) throw new ParseError('event-data.message.headers.message-id is missing.');
  return {
    type: 'delivery',
    externalId: report.messageId,
    outcome,
    failure: outcome === 'failed' || outcome === 'delayed' ? toFailure(name, report) : null,
    recipient: toSingleLine(report.recipient),
    at: report.at,
  };
}

function toFailure(name: string, { code, reason, explanation, temporary }: Report): { kind: string; text: string } {
  const words = toSingleLine(explanation).slice(0, 1_000);
  const text = [code === '0' ? '' : toSingleLine(code), words].filter((part) => part !== '').join(' ');
  const cause = toSingleLine(reason).slice(0, 100);
  const detail = cause === '' || cause === 'generic' ? '' : text === '' ? cause : ` (${cause})`;
  return { kind: toFailureKind(name, cause, temporary), text: text + detail };
}

function toFailureKind(name: string, reason: string, temporary: boolean): string {
  if (name === 'rejected') return 'rejected';
  if (reason.startsWith('suppress-')) return 'suppressed';
  return temporary ? 'delayed' : 'bounced';
}
