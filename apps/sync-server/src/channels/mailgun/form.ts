import { hash } from 'node:crypto';
import { decodeText } from '../../mail/text.ts';
import { FormError, type FormPart, parseMultipart, parseParameter, parseUrlEncoded } from '../../net/form-body.ts';

/** A form as Mailgun posts it. Names are case-sensitive: `from` is Mailgun's field, `From` the mail's header. */
export interface MailgunForm {
  parts: readonly FormPart[];
  /** Charset of the whole form, where one is named. */
  charset: string | null;
}

/** The media type of a request, in lower case and without parameters. */
export function mediaTypeOf(contentType: string): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @throws FormError when the body is no form of the kind that the content type names. */
export function readForm(body: Buffer, contentType: string): MailgunForm {
  const type = mediaTypeOf(contentType);
  if (type === 'application/x-www-form-urlencoded') {
    return { parts: parseUrlEncoded(body), charset: parseParameter(contentType, 'charset') };
  }
  if (type === 'multipart/form-data') return { parts: parseMultipart(body, contentType), charset: null };
  throw new FormError('the content type is not one that Mailgun uses');
}

// A mail's own headers are posted as fields too, so a sender can add a second field of any name. Mailgun's documentation
// has it that its own signature comes last, its other fields first.
export function lastField(form: MailgunForm, name: string): string | null {
  const part = form.parts.findLast((candidate) => candidate.name === name && candidate.fileName === null);
  return part ? decodePart(part, form) : null;
}

export function firstField(form: MailgunForm, name: string): string | null {
  const part = findField(form, name);
  return part ? decodePart(part, form) : null;
}

/** The bytes of a field: raw mail must not be decoded as a whole. */
export function firstBytes(form: MailgunForm, name: string): Buffer | null {
  return findField(form, name)?.bytes ?? null;
}

export function hasField(form: MailgunForm, name: string): boolean {
  return findField(form, name) !== undefined;
}

function findField(form: MailgunForm, name: string): FormPart | undefined {
  return form.parts.find((part) => part.name === name && part.fileName === null);
}

export function decodePart(part: FormPart, form: MailgunForm): string {
  const own = part.contentType === null ? null : parseParameter(part.contentType, 'charset');
  return decodeText(part.bytes, [own, form.charset]);
}

const SIGNATURE_FIELDS = new Set(['timestamp', 'token', 'signature']);

/**
 * A hash of what the form says, for one-time tokens: the order of differently named fields and the multipart boundary
 * do not matter, every byte of every field and file does. The signature fields stay out: a retry may be signed anew.
 */
export function hashForm(form: MailgunForm): Buffer {
  const parts = form.parts.filter((part) => !SIGNATURE_FIELDS.has(part.name));
  // The sort is stable: fields of one name keep their order, because the first and the last of them mean something.
  parts.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const chunks: Buffer[] = [];
  for (const { name, fileName, contentType, bytes } of parts) {
    const content = fileName === null ? bytes : hash('sha256', bytes, 'buffer');
    chunks.push(Buffer.from(JSON.stringify([name, fileName, contentType, content.length])), content);
  }
  return hash('sha256', Buffer.concat(chunks), 'buffer');
}
