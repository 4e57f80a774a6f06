import { createHmac } from 'node:crypto';

/** The three fields Mailgun proves itself with; the rest of the request is not covered by the signature. */
export interface MailgunSignature {
  /** Epoch seconds, as text. */
  timestamp: string;
  /** 50 hexadecimal characters, never used twice by Mailgun itself. */
  token: string;
  /** Lower-case hex of HMAC-SHA256(signing key, timestamp ‖ token). */
  signature: string;
}

export function signMailgun(signingKey: string, timestamp: string, token: string): MailgunSignature {
  return {
    timestamp,
    token,
    signature: createHmac('sha256', signingKey)
      .update(timestamp + token)
      .digest('hex'),
  };
}
