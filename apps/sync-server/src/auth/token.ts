import { createHash, randomBytes } from 'node:crypto';

const FORM = /^tw_[A-Za-z0-9_-]{43}$/;

/** A bearer token: 256 random bits behind a prefix that secret scanners and our own log recognise. */
export function createToken(): string {
  return `tw_${randomBytes(32).toString('base64url')}`;
}

/** What the database keeps: the token is random, so one fast hash cannot be turned back. Null when it is no token. */
export function hashToken(token: string): Buffer | null {
  return FORM.test(token) ? createHash('sha256').update(token).digest() : null;
}
