import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/**
 * Keys that say what their bearer may do, until when, without a row anywhere: `{facts}.{expiry}.{proof}`. All nodes have
 * the same secret, so a key of one is good at the others.
 */
export class SignedKeys {
  readonly #secret: Buffer;

  /** @param masterKey - the server's own; what signs here cannot be used to open what it encrypts. */
  constructor(masterKey: Buffer) {
    this.#secret = Buffer.from(hkdfSync('sha256', masterKey, '', 'tradewind chat keys', 32));
  }

  /** @param facts - kept readable in the key; free of dots. */
  sign(purpose: string, facts: readonly string[], expiresAtMs: number): string {
    const body = [...facts, String(expiresAtMs)].join('.');
    return `${body}.${this.#prove(purpose, body)}`;
  }

  /** @returns the facts; null for a key that is forged, of another purpose, or no longer good. */
  read(purpose: string, key: string, nowMs: number): string[] | null {
    const at = key.lastIndexOf('.');
    const body = key.slice(0, Math.max(0, at));
    const given = Buffer.from(key.slice(at + 1));
    const expected = Buffer.from(this.#prove(purpose, body));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
    const facts = body.split('.');
    const expiresAtMs = Number(facts.pop());
    return expiresAtMs > nowMs ? facts : null;
  }

  #prove(purpose: string, body: string): string {
    return createHmac('sha256', this.#secret).update(`${purpose}\n${body}`).digest('base64url');
  }
}
