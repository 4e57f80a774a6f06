import { createHash, randomInt } from 'node:crypto';

// RFC 4648's base32: no 0, 1, 8 or 9, which look like letters.
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const GROUPS = 4;
const GROUP_LENGTH = 4;
const FORM = new RegExp(`^[${ALPHABET}]{${GROUPS * GROUP_LENGTH}}$`);

/** A code that people can copy from paper: 80 random bits, such as `k7qa-2mzx-ob4t-wdhe`. */
export function createReadableCode(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/**
 * The hash of a code as somebody typed it, whatever the case, spaces and hyphens; null when it cannot be a code. The code
 * has 80 random bits, so one fast hash suffices.
 */
export function hashReadableCode(typed: string): Buffer | null {
  const plain = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return FORM.test(plain) ? createHash('sha256').update(plain).digest() : null;
}
