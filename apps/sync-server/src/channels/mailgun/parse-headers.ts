import type { HeaderList } from '../../mail/headers.ts';
import { decodePart, firstField, type MailgunForm } from './form.ts';

/**
 * The mail's headers: `message-headers`, or where that is missing or damaged the copies that Mailgun posts as fields of
 * their own. A mail is shown even where its thread cannot be told.
 */
export function readMailHeaders(form: MailgunForm): HeaderList {
  const json = firstField(form, 'message-headers');
  return (json === null ? null : parseHeaderJson(json)) ?? copiesOfHeaders(form);
}

function parseHeaderJson(json: string): HeaderList | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed)) return null;
  const pairs: [string, string][] = [];
  for (const entry of parsed as unknown[]) {
    const [name, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof name === 'string' && typeof value === 'string') pairs.push([name, value]);
  }
  return pairs;
}

/** Headers begin with a capital, Mailgun's own fields do not. */
function copiesOfHeaders(form: MailgunForm): HeaderList {
  return form.parts
    .filter((part) => part.fileName === null && /^[A-Z][A-Za-z0-9-]*$/.test(part.name))
    .map((part) => [part.name, decodePart(part, form)] as const);
}
