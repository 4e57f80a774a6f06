import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

// RFC 6238 with the parameters every authenticator app has: 30 s, SHA-1, 6 digits. RFC 4226 asks for 160 secret bits.
const STEP_MS = 30_000;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** Clocks of phones are not exact, and people are not fast. */
const DRIFT_STEPS = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function createTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The number of the 30-second step in which this instant lies. */
export function toStep(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS);
}

/** The six digits of a step. @see https://www.rfc-editor.org/rfc/rfc4226#section-5.3 */
export function codeOfStep(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/**
 * The step whose code this is, now or one step beside it; null when it is none of them.
 *
 * @param afterStep - the step used last, which does not count again, nor do earlier ones; null: none.
 */
export function findStep(secret: Buffer, code: string, nowMs: number, afterStep: number | null): number | null {
  const now = toStep(nowMs);
  let found: number | null = null;
  for (let step = now - DRIFT_STEPS; step <= now + DRIFT_STEPS; step++) {
    const isSame = timingSafeEqual(toEqualLength(codeOfStep(secret, step)), toEqualLength(code));
    if (isSame && (afterStep === null || step > afterStep)) found = step;
  }
  return found;
}

/** Texts of any length, such as what somebody typed, made comparable in constant time. */
function toEqualLength(text: string): Buffer {
  return createHmac('sha256', 'totp').update(text).digest();
}

/** What authenticator apps read, from a QR code or typed. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function toTotpUri(secret: Buffer, issuer: string, account: string): string {
  // The colon parts issuer and account.
  const label = [issuer, account].map((part) => encodeURIComponent(part.replaceAll(':', ' '))).join(':');
  const parameters = `secret=${toBase32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1_000}`;
  return `otpauth://totp/${label}?${parameters}`;
}

/** RFC 4648 without padding. */
export function toBase32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}
