import { createHash } from 'node:crypto';
import { getField, getFields, type ParsedForm } from '../http/parse-form.ts';
import { type MailAddress, parseAddress, parseAddressList } from './address.ts';

export interface SentAttachment {
  name: string;
  contentType: string;
  sizeBytes: number;
  sha256: string;
  inline: boolean;
}

/** What a send request asked for, after every check of its shape. */
export interface SendRequest {
  messageId: string | null;
  from: MailAddress;
  to: MailAddress[];
  cc: MailAddress[];
  bcc: MailAddress[];
  subject: string;
  text: string;
  html: string | null;
  /** Names in lower case, without `h:`. */
  headers: Record<string, string>;
  variables: Record<string, string>;
  options: Record<string, string>;
  attachments: SentAttachment[];
}

export type ParsedSend = { ok: true; request: SendRequest } | { ok: false; message: string };

const LARGEST_OPTIONS_BYTES = 16 * 1024;

class Refusal extends Error {}

function parseRecipients(form: ParsedForm, name: 'to' | 'cc' | 'bcc'): MailAddress[] {
  const addresses = parseAddressList(getFields(form, name).join(','));
  if (!addresses) throw new Refusal(`${name} parameter is not a valid address. please check documentation`);
  return addresses;
}

function parseSender(text: string | null): MailAddress {
  if (text === null || text.trim() === '') throw new Refusal('from parameter is missing');
  const from = parseAddress(text);
  if (!from) throw new Refusal('from parameter is not a valid address. please check documentation');
  return from;
}

function collectPrefixed(form: ParsedForm, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of form.fields) {
    if (!name.startsWith(prefix)) continue;
    if (/[\r\n]/.test(value)) throw new Refusal(`${name} parameter must not contain line breaks`);
    const key = name.slice(prefix.length);
    found[prefix === 'h:' ? key.toLowerCase() : key] = value;
  }
  return found;
}

function assertOptionsFit(form: ParsedForm): void {
  const sizeBytes = form.fields
    .filter(([name]) => /^[ohvt]:/.test(name))
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (sizeBytes > LARGEST_OPTIONS_BYTES) throw new Refusal('o:, h:, v:, and t: parameters are limited to 16kB total');
}

function toSentAttachments(form: ParsedForm): SentAttachment[] {
  return form.files
    .filter((file) => file.field === 'attachment' || file.field === 'inline')
    .map((file) => ({
      name: file.name,
      contentType: file.contentType,
      sizeBytes: file.content.length,
      sha256: createHash('sha256').update(file.content).digest('hex'),
      inline: file.field === 'inline',
    }));
}

function readSend(form: ParsedForm): SendRequest {
  const from = parseSender(getField(form, 'from'));
  const to = parseRecipients(form, 'to');
  if (to.length === 0) throw new Refusal('to parameter is missing');
  const text = getField(form, 'text');
  const html = getField(form, 'html');
  if (text === null && html === null) throw new Refusal("Need at least one of 'text' or 'html' parameters specified");
  assertOptionsFit(form);
  const headers = collectPrefixed(form, 'h:');
  const id = headers['message-id']?.trim();
  return {
    messageId: id ? (id.startsWith('<') ? id : `<${id}>`) : null,
    from,
    to,
    cc: parseRecipients(form, 'cc'),
    bcc: parseRecipients(form, 'bcc'),
    subject: getField(form, 'subject') ?? '',
    text: text ?? '',
    html,
    headers,
    variables: collectPrefixed(form, 'v:'),
    options: collectPrefixed(form, 'o:'),
    attachments: toSentAttachments(form),
  };
}

/** Mailgun's own checks of `POST /v3/<domain>/messages`; a refusal carries the sentence Mailgun answers. */
export function parseSend(form: ParsedForm): ParsedSend {
  return guard(() => readSend(form));
}

function unfoldHeaders(mime: string): Record<string, string> {
  const head = mime.split(/\r?\n\r?\n/, 1)[0] ?? '';
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

/** The same for `POST /v3/<domain>/messages.mime`: `to` and a ready message; `text` keeps the whole of it. */
export function parseMimeSend(form: ParsedForm): ParsedSend {
  return guard(() => {
    const to = parseRecipients(form, 'to');
    if (to.length === 0) throw new Refusal('to parameter is missing');
    const file = form.files.find((candidate) => candidate.field === 'message');
    const mime = file?.content.toString('utf8') ?? getField(form, 'message');
    if (mime === null) throw new Refusal('message parameter is missing');
    assertOptionsFit(form);
    const headers = unfoldHeaders(mime);
    return {
      messageId: headers['message-id'] ?? null,
      from: parseSender(headers.from ?? null),
      to,
      cc: [],
      bcc: [],
      subject: headers.subject ?? '',
      text: mime,
      html: null,
      headers,
      variables: collectPrefixed(form, 'v:'),
      options: collectPrefixed(form, 'o:'),
      attachments: [],
    };
  });
}

function guard(read: () => SendRequest): ParsedSend {
  try {
    return { ok: true, request: read() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, message: error.message };
    throw error;
  }
}
