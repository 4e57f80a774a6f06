import type { OutboundMessage } from '../../connector.ts';
import { formatAddress } from '../../mail/addresses.ts';
import { toSingleLine } from '../../mail/text.ts';
import { encodeMultipart, type OutgoingPart } from '../../net/multipart-writer.ts';
import type { MailgunConfig } from './config.ts';

// Mailgun takes 16 kB of `h:`, `o:` and `v:` options in all; References is the only one that grows.
const MAX_REFERENCES_BYTES = 12_000;

export interface FormRequest {
  contentType: string;
  body: Buffer;
}

/** The form that sends a message: urlencoded, or multipart where files go along. */
export function buildSendForm(
  { message, externalId, attachments }: OutboundMessage,
  config: MailgunConfig,
): FormRequest {
  const fields: OutgoingPart[] = [{ name: 'from', value: toSingleLine(config.fromAddress) }];
  for (const name of ['to', 'cc', 'bcc'] as const) {
    for (const address of message[name]) fields.push({ name, value: formatAddress(address) });
  }
  fields.push({ name: 'subject', value: toSingleLine(message.subject) }, { name: 'text', value: message.text });
  if (message.html !== null) fields.push({ name: 'html', value: message.html });
  fields.push({ name: 'h:Message-Id', value: externalId });
  const answered = message.references.at(-1);
  if (answered !== undefined) {
    fields.push({ name: 'h:In-Reply-To', value: answered });
    fields.push({ name: 'h:References', value: shortenReferences(message.references) });
  }
  if (attachments.length === 0) return encodeUrlEncoded(fields);
  const files = attachments.map(({ name, contentType, content }) => ({
    name: 'attachment',
    value: content,
    fileName: toSingleLine(name),
    contentType: toSingleLine(contentType),
  }));
  return encodeMultipart([...fields, ...files]);
}

function encodeUrlEncoded(fields: readonly OutgoingPart[]): FormRequest {
  const form = new URLSearchParams(fields.map(({ name, value }): [string, string] => [name, String(value)]));
  return { contentType: 'application/x-www-form-urlencoded', body: Buffer.from(form.toString()) };
}

/** The first id, which names the thread, and as many of the newest as fit (RFC 5322, section 3.6.4, lets us drop others). */
export function shortenReferences(references: readonly string[]): string {
  const [first = '', ...rest] = references;
  const kept: string[] = [];
  let sizeBytes = Buffer.byteLength(first);
  for (const id of rest.reverse()) {
    sizeBytes += Buffer.byteLength(id) + 1;
    if (sizeBytes > MAX_REFERENCES_BYTES) break;
    kept.unshift(id);
  }
  return [first, ...kept].join(' ');
}
