import type { Address } from '@tradewind/shared/schemas/message';
import parseMailboxes from 'nodemailer/lib/addressparser';
import { decodeEncodedWords } from './encoded-words.ts';
import { toSingleLine } from './text.ts';

// A header of this length holds thousands of recipients; nobody reads them, and the database need not keep them.
const MAX_HEADER_LENGTH = 100_000;
const MAX_ADDRESSES = 200;
// RFC 5321: 64 for the local part, 255 for the domain.
const MAX_ADDRESS_LENGTH = 320;

/**
 * Reads an address header: groups, comments, quoted names, commas in names, encoded words. Entries without a usable mail
 * address are left out; addresses keep their spelling.
 */
export function parseAddresses(header: string): Address[] {
  const addresses: Address[] = [];
  for (const { name, address } of parseMailboxes(header.slice(0, MAX_HEADER_LENGTH), { flatten: true })) {
    if (addresses.length === MAX_ADDRESSES) break;
    const clean = toSingleLine(address);
    if (isMailAddress(clean)) addresses.push({ name: toSingleLine(decodeEncodedWords(name)), address: clean });
  }
  return addresses;
}

/** True for what can stand on an envelope: one `@`, something on both sides, no spaces, brackets or control characters. */
export function isMailAddress(address: string): boolean {
  return address.length <= MAX_ADDRESS_LENGTH && /^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\]+$/.test(address);
}

/** `"Li, Lei" <li@example.com>`: quoted where it has to be, line breaks removed so that no header can be smuggled in. */
export function formatAddress({ name, address }: Address): string {
  const plain = toSingleLine(name);
  const mailbox = toSingleLine(address);
  if (plain === '') return mailbox;
  const shown = /^[\p{L}\p{N} _'-]+$/u.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
  return `${shown} <${mailbox}>`;
}
