import { createHmac } from 'node:crypto';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The JWT (HS256) a shop's server makes for a customer who is logged in there. */
export function signIdentity(secret: string, claims: { sub: string; name?: string; email?: string }): string {
  const expiresAt = Math.floor(Date.now() / 1_000) + 3_600;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, exp: expiresAt })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
