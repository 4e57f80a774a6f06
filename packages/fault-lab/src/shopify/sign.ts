import { createHmac } from 'node:crypto';

/** Base64, not hex, of HMAC-SHA256 over the exact bytes of the body. */
export function signShopify(clientSecret: string, body: Buffer): string {
  return createHmac('sha256', clientSecret).update(body).digest('base64');
}
