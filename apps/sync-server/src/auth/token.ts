import { createHash, randomBytes } from 'node:crypto';

const FORM = /^tw_[A-Za-z0-9_-]{43}$/;

/**
 * A bearer token: 256 random bits behind a prefix that secret scanners and our own log recognise.
 *
 * @returns the token for its owner, and the hash for the database: the token is random, so one fast hash suffices.
 */
export function createToken(): { token: string; hash: Buffer } {
  const token = `tw_${randomBytes(32).toString('base64url')}`;
  return { token, hash: toHash(token) };
}

/** The hash to look a token up by; null when the text cannot be a token. */
export function hashToken(token: string): Buffer | null {
  return FORM.test(token) ? toHash(token) : null;
}

function toHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
