import type { HeaderList } from '../../mail/headers.ts';
import { decodePart, firstField, type MailgunForm } from './form.ts';

/**
 * The mail's headers: `message-headers`, and of the copies that Mailgun posts as fields of their own those that are not
 * in it, should it be missing or damaged. A mail is shown even where its thread cannot be told.
 */
export function readMailHeaders(form: MailgunForm): HeaderList {
  const listed = parseHeaderJson(firstField(form, 'message-headers') ?? '');
  const names = new Set(listed.map(([name]) => name.toLowerCase()));
  return [...listed, ...copiesOfHeaders(form).filter(([name]) => !names.has(name.toLowerCase()))];
}

function parseHeaderJson(json: string): HeaderList {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  const pairs: [string, string][] = [];
  for (const entry of parsed as unknown[]) {
    const [name, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof name === 'string' && typeof value === 'string') pairs.push([name, value]);
  }
  return pairs;
}

/** Headers begin with a capital, Mailgun's own fields do not; mailers that spell theirs small must not lose the thread. */
const HEADER_COPY = /^([A-Z][A-Za-z0-9-]*|message-id|in-reply-to|references)$/;

function copiesOfHeaders(form: MailgunForm): HeaderList {
  return form.parts
    .filter((part) => part.fileName === null && HEADER_COPY.test(part.name))
    .map((part) => [part.name, decodePart(part, form)] as const);
}
