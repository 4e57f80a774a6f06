import { hash } from 'node:crypto';
import type { Address } from '@tradewind/shared/schemas/message';
import { parseAddresses } from './addresses.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { toSingleLine } from './text.ts';

/** A mail's headers in their order, values unfolded or not. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

const MAX_ID_LENGTH = 900; // an index entry of PostgreSQL holds 2,700 bytes
const MAX_REFERENCES = 100;

/** The first value of a header, names compared without case; `''` when it is absent. */
export function getHeader(headers: HeaderList, name: string): string {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

/**
 * Reads message ids out of a header, oldest first. Brackets that are missing are added; folding inside an id is removed.
 * Words that are not ids ("Your message of Monday") are left out.
 */
export function parseMessageIds(value: string): string[] {
  const ids: string[] = [];
  for (const [, bracketed, bare] of value.matchAll(/<([^<>]*)>|([^\s<>,;]+)/g)) {
    const id = bracketed === undefined ? (bare?.includes('@') ? bare : '') : bracketed;
    const clean = id.replace(/[\s\p{Cc}]/gu, '').toWellFormed();
    if (clean !== '' && clean.length <= MAX_ID_LENGTH) ids.push(`<${clean}>`);
  }
  return ids;
}

/** `id@host` and `<id@host>` as `<id@host>`; null where there is nothing that could be an id. */
export function normaliseMessageId(value: string): string | null {
  return parseMessageIds(value)[0] ?? parseMessageIds(`<${value.replace(/[<>]/g, '').trim()}>`)[0] ?? null;
}

/** The ids a mail answers: References, then In-Reply-To where it is not among them; oldest first, each once, the newest 100. */
export function collectReferences(headers: HeaderList): string[] {
  const references = parseMessageIds(getHeader(headers, 'references'));
  const answered = parseMessageIds(getHeader(headers, 'in-reply-to'));
  // What is answered comes last, because the nearest reference decides about the thread.
  const inOrder = [...references.filter((id) => !answered.includes(id)), ...answered];
  return [...new Set(inOrder)].slice(-MAX_REFERENCES);
}

/**
 * The mail's own id, or one made from all that is known of it: the same mail delivered twice gets the same id, and two
 * mails of the same words differ in their Date and Received headers.
 */
export function toMessageId(headers: HeaderList, content: readonly string[]): string {
  const own = getHeader(headers, 'message-id');
  const id = own === '' ? null : normaliseMessageId(own);
  return id ?? `<${hash('sha256', JSON.stringify([headers, content]), 'hex').slice(0, 40)}@generated.invalid>`;
}

/** A header for people: unfolded, encoded words decoded, one line. */
export function decodeHeaderText(value: string): string {
  return toSingleLine(decodeEncodedWords(value));
}

/** Addresses that a mail names, as its header spells them. */
export function parseAddressHeader(headers: HeaderList, name: string): Address[] {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? [] : parseAddresses(values.join(', '));
}
