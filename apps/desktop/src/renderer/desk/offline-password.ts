import { scryptAsync } from '@noble/hashes/scrypt.js';
import type { KeptAgent, KeptAgents, PasswordVerifier } from './kept-agents.ts';
import { LONGEST_OFFLINE_MS } from './kept-agents.ts';

/** 32 MB and some tenths of a second per guess. @see RFC 7914 */
const COST = { N: 2 ** 15, r: 8, p: 1, dkLen: 32 } as const;
const FREE_TRIES = 5;
const FIRST_BLOCK_MS = 30_000;
const LONGEST_BLOCK_MS = 60 * 60_000;

/** What tells the same password later, without telling it. Works without `crypto.subtle`, which plain http does not have. */
export async function createVerifier(password: string): Promise<PasswordVerifier> {
  const salt = toHex(crypto.getRandomValues(new Uint8Array(16)));
  return { salt, hash: await hashPassword(password, salt) };
}

export type OfflineOutcome =
  | { kind: 'ok'; agent: KeptAgent['agent'] }
  | { kind: 'wrong' }
  | { kind: 'limited'; retryAfterMs: number }
  /** Only the server can let him in: nothing of him lies here, or no password to compare with. */
  | { kind: 'unknown' }
  /** It has been silent for too long. */
  | { kind: 'too-long' };

/**
 * Lets an agent at what lies here while the server cannot be reached. He may read and write; nothing is sent before the
 * server has let him in as well. Wrong passwords are counted over restarts, with growing waits.
 */
export async function unlockOffline(
  kept: KeptAgents,
  { email, password }: { email: string; password: string },
  now: () => number = Date.now,
): Promise<OfflineOutcome> {
  const found = kept.findByEmail(email);
  if (!found?.verifier) return { kind: 'unknown' };
  if (kept.silentFor(found) > LONGEST_OFFLINE_MS) return { kind: 'too-long' };
  const retryAfterMs = Math.min(LONGEST_BLOCK_MS, found.blockedUntil - now());
  if (retryAfterMs > 0) return { kind: 'limited', retryAfterMs };
  // Counted first: whoever ends the program while it compares has had his try.
  const wrongTries = found.wrongTries + 1;
  const surplus = wrongTries - FREE_TRIES;
  const waitMs = surplus < 0 ? 0 : Math.min(LONGEST_BLOCK_MS, FIRST_BLOCK_MS * 2 ** Math.min(surplus, 20));
  kept.noteTry(found.agent.id, { wrongTries, blockedUntil: waitMs === 0 ? 0 : now() + waitMs });
  const { salt, hash } = found.verifier;
  if ((await hashPassword(password, salt)) !== hash) return { kind: 'wrong' };
  kept.noteTry(found.agent.id, { wrongTries: 0, blockedUntil: 0 });
  return { kind: 'ok', agent: found.agent };
}

async function hashPassword(password: string, salt: string): Promise<string> {
  return toHex(await scryptAsync(password.normalize('NFC'), salt, COST));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
