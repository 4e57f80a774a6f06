import { formatAddress } from './address.ts';
import type { Mail, MailAttachment } from './mail.ts';

// RFC 2047: an encoded word is at most 75 characters, so at most 42 bytes of text each.
function encodeHeader(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value;
  const words: string[] = [];
  let word = '';
  for (const character of value) {
    if (Buffer.byteLength(word + character) > 42) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

function encodeBody(content: Buffer): string {
  return content.toString('base64').replace(/(.{76})/g, '$1\r\n');
}

function toTextPart(type: string, text: string): string {
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${encodeBody(Buffer.from(text))}\r\n`;
}

function toFilePart(file: MailAttachment): string {
  const name = `=?UTF-8?B?${Buffer.from(file.name).toString('base64')}?=`;
  const id = file.contentId === undefined ? '' : `Content-ID: <${file.contentId}>\r\n`;
  const disposition = file.contentId === undefined ? 'attachment' : 'inline';
  return `Content-Type: ${file.contentType}; name="${name}"\r\n${id}Content-Disposition: ${disposition}; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encodeBody(file.content)}\r\n`;
}

function toMultipart(subtype: string, boundary: string, parts: readonly string[]): string {
  const inner = parts.map((part) => `--${boundary}\r\n${part}`).join('');
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${inner}--${boundary}--\r\n`;
}

/** The headers of a mail in their usual order, values not yet encoded. */
export function toHeaders(mail: Mail): [name: string, value: string][] {
  const headers: [string, string][] = [
    ['From', formatAddress(mail.from)],
    ['To', mail.to],
    ['Subject', mail.subject],
    ['Date', new Date(mail.date).toUTCString().replace('GMT', '+0000')],
    ['Message-Id', mail.messageId],
  ];
  if (mail.cc !== undefined) headers.push(['Cc', mail.cc]);
  if (mail.inReplyTo !== undefined) headers.push(['In-Reply-To', mail.inReplyTo]);
  if (mail.references && mail.references.length > 0) headers.push(['References', mail.references.join(' ')]);
  return [...headers, ...(mail.headers ?? []), ['Mime-Version', '1.0']];
}

/** The raw message (RFC 5322, base64 parts, ASCII only). */
export function buildMime(mail: Mail): Buffer {
  const head = toHeaders(mail)
    .map(([name, value]) => `${name}: ${encodeHeader(value)}\r\n`)
    .join('');
  const texts = [
    ...(mail.text === undefined && mail.html !== undefined ? [] : [toTextPart('text/plain', mail.text ?? '')]),
    ...(mail.html === undefined ? [] : [toTextPart('text/html', mail.html)]),
  ];
  const body = texts.length > 1 ? toMultipart('alternative', 'lab-alternative', texts) : (texts[0] ?? '');
  const whole =
    mail.attachments.length > 0 ? toMultipart('mixed', 'lab-mixed', [body, ...mail.attachments.map(toFilePart)]) : body;
  return Buffer.from(head + whole, 'latin1');
}
