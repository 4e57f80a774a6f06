import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Limiter } from './limiter.ts';

interface Parameters {
  /** Cost, a power of two; 128 · N · r bytes are used while hashing. */
  n: number;
  r: number;
  p: number;
}

// OWASP's scrypt advice for 2^15 asks for p = 3; together with the login limit this costs about a tenth of a second.
const CURRENT: Parameters = { n: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const ENCODED = /^scrypt\$n=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

// Hashing runs on the thread pool that also serves files; a wave of logins must not take all of it.
const limiter = new Limiter(2);

function derive(password: string, salt: Buffer, { n, r, p }: Parameters): Promise<Buffer> {
  return limiter.run(
    () =>
      new Promise((resolve, reject) => {
        // NFKC: the same password typed on another keyboard may arrive in another Unicode form.
        scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r }, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      }),
  );
}

function encode({ n, r, p }: Parameters, salt: Buffer, key: Buffer): string {
  return `scrypt$n=${n},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** @returns the hash with its parameters and salt: `scrypt$n=…,r=…,p=…$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encode(CURRENT, salt, await derive(password, salt, CURRENT));
}

// Checked against when nobody has the mail address, so that the answer takes as long as for a wrong password.
const NOBODY = encode(CURRENT, Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES));

/**
 * Compares in constant time, whatever the stored parameters.
 *
 * @param stored - a hash of ours, or null for an unknown agent: takes as long, never matches.
 * @returns `outdated`: matches, but was made with older parameters and should be hashed anew.
 * @throws Error when the stored hash is not one of ours.
 */
export async function verifyPassword(password: string, stored: string | null): Promise<'match' | 'outdated' | 'wrong'> {
  const match = ENCODED.exec(stored ?? NOBODY);
  if (!match) throw new Error('a stored password hash is damaged');
  const [, n, r, p, salt = '', key = ''] = match;
  const parameters = { n: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(key, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), parameters);
  const isEqual = expected.length === actual.length && timingSafeEqual(expected, actual);
  if (!isEqual || stored === null) return 'wrong';
  const isCurrent = parameters.n === CURRENT.n && parameters.r === CURRENT.r && parameters.p === CURRENT.p;
  return isCurrent ? 'match' : 'outdated';
}
