import { createHmac } from 'node:crypto';

/** A customer whom the shop vouches for: he has signed in on its site. */
export interface SignedCustomer {
  /** The shop's own id of the customer. */
  subject: string;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
}

const toPart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * The JWT (HS256) with which a shop's backend vouches for a customer who has signed in.
 *
 * @param expiresAt - epoch seconds.
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export function signIdentity(secret: string, customer: SignedCustomer, expiresAt: number): string {
  const { subject, name, email, phone } = customer;
  const signed = `${toPart({ alg: 'HS256', typ: 'JWT' })}.${toPart({ sub: subject, name, email, phone, exp: expiresAt })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
