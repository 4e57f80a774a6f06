import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Language } from '../../accounts/mail-texts.ts';
import type { OwnAgent } from '../../auth/own-agent.ts';
import type { ClientFacts } from '../../auth/session.ts';
import { setSessionCookie } from '../session-cookie.ts';

const LONGEST_USER_AGENT = 300;

export const emailSchema = z
  .string('must be a mail address')
  .trim()
  .toLowerCase()
  .max(320, 'must have at most 320 characters')
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'must be a mail address such as name@example.com');

/** A new password; that it is not the mail address is checked where both are known (`auth/password-rules.ts`). */
export const newPasswordSchema = z
  .string('must be a password')
  .min(8, 'must have at least 8 characters')
  .max(256, 'must have at most 256 characters');

/** A password that exists: whatever its length, it is right or wrong. */
export const knownPasswordSchema = z
  .string('must be the password')
  .min(1, 'must not be empty')
  .max(1_000, 'must have at most 1000 characters');

export const roleSchema = z.enum(['admin', 'agent'], 'must be admin or agent');

/** The secret part of a link; one that has another form is as unknown as one that has expired. */
export const linkTokenSchema = z.string('must be the token of the link').min(1, 'must not be empty').max(200);

export const cookieSchema = z
  .boolean('must be true or false')
  .optional()
  .meta({ description: 'Set the session cookie of the browser instead of telling the token.' });

export const ownAgentSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  teamIds: z.array(z.string()),
  accessVersion: z.number(),
  totp: z.boolean().meta({ description: 'Log-ins need a code of the authenticator app too.' }),
});

export const sessionAnswerSchema = z.object({ token: z.string().optional(), agent: ownAgentSchema });

interface Exchange {
  request: Request;
  response: Response;
}

/** Hands a new session over: as a cookie that scripts cannot read, or as the token in the answer. */
export function answerSession(
  { request, response }: Exchange,
  given: { token: string; agent: OwnAgent },
  cookie: boolean | undefined,
  publicUrl: string | null,
): z.infer<typeof sessionAnswerSchema> {
  if (cookie !== true) return given;
  setSessionCookie(request, response, publicUrl, given.token);
  return { agent: given.agent };
}

export function toClientFacts(request: Request): ClientFacts {
  const userAgent = request.headers['user-agent'] ?? '';
  return { address: request.ip ?? '', userAgent: userAgent.slice(0, LONGEST_USER_AGENT) };
}

/** The language of mails that this request causes: what its Accept-Language prefers, else English. */
export function languageOf(request: Request): Language {
  return request.acceptsLanguages('en', 'zh') === 'zh' ? 'zh-CN' : 'en';
}
