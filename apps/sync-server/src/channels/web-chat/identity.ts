import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { IdentityVerdict } from '../../connector.ts';
import { isMailAddress } from '../../mail/addresses.ts';
import { toSingleLine } from '../../mail/text.ts';
import type { WebChatConfig } from './config.ts';

const headerSchema = z.object({ alg: z.string(), crit: z.undefined().optional() });
const secondsSchema = z.number().finite();
const claimsSchema = z.object({
  // As it stands or not at all: two subjects that became one by tidying would read each other's conversations.
  sub: z.union([z.string(), z.number().int().transform(String)]).pipe(z.string().min(1).max(200).refine(isPlainLine)),
  name: z.string().max(1_000).nullish(),
  email: z.string().max(1_000).nullish(),
  /** Said by identity providers: an address nobody has proven to be theirs joins nothing. */
  email_verified: z.unknown().optional(),
  phone: z.string().max(1_000).nullish(),
  exp: secondsSchema.nullish(),
  nbf: secondsSchema.nullish(),
});

/**
 * Checks a shop's word for its visitor: a JWT, HS256 and nothing else, signed with the account's `identitySecret`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export function verifyIdentity(token: string, config: WebChatConfig, nowMs: number): IdentityVerdict {
  if (config.identitySecret === undefined) return refuse('this account has no identitySecret');
  const parts = token.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) return refuse('is not a JWT');
  // The header chooses nothing: it has to say what is done in any case.
  const parsedHeader = headerSchema.safeParse(decode(header));
  if (!parsedHeader.success || parsedHeader.data.alg !== 'HS256') return refuse('must be signed with HS256');
  const expected = createHmac('sha256', config.identitySecret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return refuse('has a wrong signature');
  const claims = claimsSchema.safeParse(decode(payload));
  if (!claims.success) {
    const field = claims.error.issues[0]?.path.join('.') ?? '';
    return refuse(field === '' ? 'holds no claims' : `has no usable ${field}`);
  }
  return read(claims.data, nowMs);
}

function read(claims: z.output<typeof claimsSchema>, nowMs: number): IdentityVerdict {
  if (typeof claims.exp === 'number' && nowMs >= claims.exp * 1_000) return refuse('has expired');
  if (typeof claims.nbf === 'number' && nowMs < claims.nbf * 1_000) return refuse('is not valid yet');
  const email = toSingleLine(claims.email ?? '').toLowerCase();
  const proven = isMailAddress(email) && claims.email_verified !== false && claims.email_verified !== 'false';
  return {
    ok: true,
    identity: {
      subject: claims.sub,
      name: toSingleLine(claims.name ?? '')
        .slice(0, 200)
        .toWellFormed(),
      email: proven ? email : null,
      phone: toPhone(claims.phone ?? ''),
    },
  };
}

/** One line without control characters, halves of surrogate pairs, or blanks at its ends. */
function isPlainLine(text: string): boolean {
  return toSingleLine(text) === text;
}

/** E.164, or null: a number without its country may be anybody's. */
export function toPhone(text: string): string | null {
  const plain = text.replaceAll(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(plain) ? plain : null;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null; // not JSON: the schema says so
  }
}

function refuse(reason: string): IdentityVerdict {
  return { ok: false, reason };
}
