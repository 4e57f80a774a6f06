import type { Address } from '@tradewind/shared/schemas/message';
import { type InboundAttachment, type InboundEvent, ParseError } from '../connector.ts';
import { isMailAddress, parseAddresses } from './addresses.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import {
  collectReferences,
  decodeHeaderText,
  getHeader,
  type HeaderList,
  parseAddressHeader,
  toMessageId,
} from './headers.ts';
import { renderText } from './render-text.ts';
import { cleanText, toBodyText, toSingleLine } from './text.ts';

const MAX_SUBJECT_LENGTH = 2_000;

export type InboundMail = Extract<InboundEvent, { type: 'message' }>;

/** A mail taken apart, by whichever way it came. Empty text means: there is none. */
export interface MailParts {
  headers: HeaderList;
  /** The From header as written; where it cannot be read, the envelope stands in. */
  from: string;
  subject: string;
  /** SMTP envelope: who sent it, and to which of our addresses. */
  envelopeSender: string;
  envelopeRecipient: string;
  text: string;
  html: string;
  attachments: InboundAttachment[];
}

/**
 * The message event of a mail. The sender is who the From header names, because the envelope of a mail that went through
 * a mailing service or a forwarder belongs to that service.
 *
 * @throws ParseError when neither From nor the envelope holds a mail address.
 */
export function toInboundMail(parts: MailParts, receivedAtMs: number): InboundMail {
  const { headers } = parts;
  const from = readSender(parts);
  const html = parts.html.trim() === '' ? null : cleanText(parts.html);
  const plain = toBodyText(parts.text);
  const text = plain.trim() !== '' ? plain : html === null ? '' : renderText(html);
  const subject = decodeHeaderText(parts.subject).slice(0, MAX_SUBJECT_LENGTH).toWellFormed();
  const to = parseAddressHeader(headers, 'to');
  return {
    type: 'message',
    externalId: toMessageId(headers, [from.address, subject, text]),
    medium: 'mail',
    sender: { kind: 'email', value: from.address.toLowerCase(), name: from.name },
    from,
    to: to.length > 0 ? to : parseAddresses(parts.envelopeRecipient),
    cc: parseAddressHeader(headers, 'cc'),
    replyTo: parseAddressHeader(headers, 'reply-to'),
    subject,
    text,
    html,
    attachments: parts.attachments,
    references: collectReferences(headers),
    sentAt: receivedAtMs,
  };
}

function readSender({ from, headers, envelopeSender }: MailParts): Address {
  const header = from === '' ? getHeader(headers, 'from') : from;
  // Some mailers encode or quote the whole header, address and all; only then its inside is looked at.
  const inside = decodeEncodedWords(header)
    .trim()
    .replace(/^"(.*)"$/s, '$1');
  const [written] = [...parseAddresses(header), ...parseAddresses(inside)];
  if (written) return written;
  const envelope = toSingleLine(envelopeSender).replace(/^<|>$/g, '');
  if (isMailAddress(envelope)) return { name: '', address: envelope };
  throw new ParseError('The mail has no sender: neither "from" nor "sender" holds a mail address.');
}

/** What parsers hand on is not always what their types say: mailparser's content type can be `false`. */
function asString(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

// They turn the rest of a name around: `gnp.exe` would read `exe.png`.
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069]/g;

/** A file name for people: no path, no control characters, nothing that hides its ending, never empty. */
export function toFileName(name: unknown, fallback: string): string {
  const base = toSingleLine(asString(name)).split(/[/\\]/).at(-1) ?? '';
  const clean = base.replace(DIRECTION_MARKS, '').replace(/^\.+$/, '').slice(-200).trim();
  return clean === '' ? fallback : clean.toWellFormed();
}

/** `text/plain` from `Text/Plain; charset=x`; what is not a media type becomes plain bytes. */
export function toMediaType(value: unknown): string {
  const type = asString(value).split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return /^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/.test(type) ? type : 'application/octet-stream';
}

/** A Content-ID as `cid:` addresses name it, without brackets; null when there is none. */
export function toContentId(value: unknown): string | null {
  const id = toSingleLine(asString(value)).replace(/^<|>$/g, '');
  return id === '' ? null : id.slice(0, 300);
}
