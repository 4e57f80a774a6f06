import { type InboundEvent, ParseError, type RawWebhook } from '../../connector.ts';
import { toInboundMail } from '../../mail/message.ts';
import { parseMime } from '../../mail/mime.ts';
import { FormError } from '../../net/form-body.ts';
import { readEventBody } from './event-body.ts';
import { firstBytes, firstField, type MailgunForm, mediaTypeOf, readForm } from './form.ts';
import { parseFormAttachments, parseStoredAttachments } from './parse-attachments.ts';
import { parseEventBody, parseEventForm } from './parse-event.ts';
import { readMailHeaders } from './parse-headers.ts';
import { kindOfForm } from './verify.ts';

/**
 * Reads a genuine request of Mailgun as one event of ours.
 *
 * @throws ParseError naming the field that cannot be read.
 */
export async function parseMailgun(request: RawWebhook, receivedAtMs: number): Promise<InboundEvent[]> {
  const contentType = request.headers['content-type'] ?? '';
  if (mediaTypeOf(contentType) === 'application/json') {
    const event = readEventBody(request.body);
    if (!event) throw new ParseError('The body is not a JSON object.');
    return [parseEventBody(event, receivedAtMs)];
  }
  const form = readFormOrFail(request.body, contentType);
  switch (kindOfForm(form, request.pathSuffix)) {
    case 'event':
      return [parseEventForm(form, receivedAtMs)];
    case 'inbound-mime':
      return [await parseRawMail(form, receivedAtMs)];
    default:
      return [parseParsedMail(form, receivedAtMs)];
  }
}

function readFormOrFail(body: Buffer, contentType: string): MailgunForm {
  try {
    return readForm(body, contentType);
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw new ParseError(`The form cannot be read: ${error.message}.`, { cause: error });
  }
}

function parseParsedMail(form: MailgunForm, receivedAtMs: number): InboundEvent {
  const stored = firstField(form, 'attachments');
  return toInboundMail(
    {
      headers: readMailHeaders(form),
      from: firstField(form, 'from') ?? '',
      subject: firstField(form, 'subject') ?? '',
      envelopeSender: firstField(form, 'sender') ?? '',
      envelopeRecipient: firstField(form, 'recipient') ?? '',
      text: firstField(form, 'body-plain') ?? '',
      html: firstField(form, 'body-html') ?? '',
      attachments: [...parseFormAttachments(form), ...(stored === null ? [] : parseStoredAttachments(stored, form))],
    },
    receivedAtMs,
  );
}

async function parseRawMail(form: MailgunForm, receivedAtMs: number): Promise<InboundEvent> {
  const mail = await parseMime(firstBytes(form, 'body-mime') ?? Buffer.alloc(0));
  return toInboundMail(
    {
      ...mail,
      from: mail.from || (firstField(form, 'from') ?? ''),
      subject: mail.subject || (firstField(form, 'subject') ?? ''),
      envelopeSender: firstField(form, 'sender') ?? '',
      envelopeRecipient: firstField(form, 'recipient') ?? '',
    },
    receivedAtMs,
  );
}
