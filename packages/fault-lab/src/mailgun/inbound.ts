import { encodeMultipart, encodeUrlencoded, type FormPart } from '../http/encode-form.ts';
import type { SignedRequest } from '../outgoing/webhook-poster.ts';
import { formatAddress } from './address.ts';
import type { InboundForm, Mail, MailgunAccount } from './mail.ts';
import { buildMime, toHeaders } from './mime.ts';
import type { MailgunSignature } from './sign.ts';

/** Where a stored message and its files can be fetched for three days. */
export interface StoredAddresses {
  messageUrl: string;
  attachmentUrl(index: number): string;
}

function toFields(parts: Record<string, string>): FormPart[] {
  return Object.entries(parts).map(([name, value]) => ({ name, value }));
}

/** Cuts off the quoted answer below, as Mailgun's `stripped-text` does. */
function stripQuote(text: string): string {
  const lines = text.split('\n');
  const quoteAt = lines.findIndex((line) => /^\s*>/.test(line) || /^(On .+ wrote:|.+写道[::])\s*$/.test(line));
  return (quoteAt < 0 ? text : lines.slice(0, quoteAt).join('\n')).trim();
}

function toEnvelopeParts(mail: Mail): FormPart[] {
  return toFields({
    recipient: mail.to,
    sender: mail.from.address,
    from: formatAddress(mail.from),
    subject: mail.subject,
  });
}

function toContentParts(mail: Mail): FormPart[] {
  const headers = toHeaders(mail);
  return [
    ...toFields(mail.text === undefined ? {} : { 'body-plain': mail.text, 'stripped-text': stripQuote(mail.text) }),
    ...toFields(mail.html === undefined ? {} : { 'body-html': mail.html, 'stripped-html': mail.html }),
    ...headers.map(([name, value]): FormPart => ({ name, value })),
    { name: 'message-headers', value: JSON.stringify(headers) },
  ];
}

/** Which file a `cid:` address means. @param nameOf - the field or the address that holds the file. */
function toContentIdMap(mail: Mail, nameOf: (index: number) => string): FormPart[] {
  const entries = mail.attachments.flatMap((file, index) =>
    file.contentId === undefined ? [] : [[`<${file.contentId}>`, nameOf(index)] as const],
  );
  return entries.length > 0 ? toFields({ 'content-id-map': JSON.stringify(Object.fromEntries(entries)) }) : [];
}

function toFileParts(mail: Mail): FormPart[] {
  if (mail.attachments.length === 0) return [];
  return [
    { name: 'attachment-count', value: String(mail.attachments.length) },
    ...toContentIdMap(mail, (index) => `attachment-${index + 1}`),
    ...mail.attachments.map(
      (file, index): FormPart => ({
        name: `attachment-${index + 1}`,
        value: file.content,
        fileName: file.name,
        contentType: file.contentType,
      }),
    ),
  ];
}

function toStoredParts(mail: Mail, stored: StoredAddresses): FormPart[] {
  const files = mail.attachments.map((file, index) => ({
    url: stored.attachmentUrl(index),
    name: file.name,
    size: file.content.length,
    'content-type': file.contentType,
  }));
  return [
    { name: 'message-url', value: stored.messageUrl },
    ...(files.length > 0
      ? toFields({ 'attachment-count': String(files.length), attachments: JSON.stringify(files) })
      : []),
    ...toContentIdMap(mail, stored.attachmentUrl),
  ];
}

/**
 * The webhook request with which a route hands over a mail.
 *
 * @param form - `urlencoded` cannot carry files; it is sent as `multipart` when there are some, as Mailgun does.
 * @see https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http
 */
export function buildInboundRequest(
  account: MailgunAccount,
  mail: Mail,
  form: InboundForm,
  signature: MailgunSignature,
  stored: StoredAddresses,
): SignedRequest {
  const proof = toFields({ ...signature });
  const toRequest = (url: string, encoded: { contentType: string; body: Buffer }): SignedRequest => ({
    url,
    method: 'POST',
    headers: { 'content-type': encoded.contentType, 'user-agent': 'mailgun/fault-lab' },
    body: encoded.body,
  });
  if (form === 'mime') {
    const raw: FormPart = { name: 'body-mime', value: mail.rawMime ?? buildMime(mail) };
    return toRequest(`${account.webhookUrl}/mime`, encodeUrlencoded([...toEnvelopeParts(mail), raw, ...proof]));
  }
  const parts = [...toEnvelopeParts(mail), ...toContentParts(mail)];
  if (form === 'store')
    return toRequest(account.webhookUrl, encodeUrlencoded([...parts, ...toStoredParts(mail, stored), ...proof]));
  if (form === 'urlencoded' && mail.attachments.length === 0) {
    return toRequest(account.webhookUrl, encodeUrlencoded([...parts, ...proof]));
  }
  const boundary = `----lab${signature.token}`;
  return toRequest(account.webhookUrl, encodeMultipart([...parts, ...toFileParts(mail), ...proof], boundary));
}
