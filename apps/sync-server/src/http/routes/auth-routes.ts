import { z } from 'zod';
import type { People } from '../../accounts/people.ts';
import { defineRoute, type Route } from '../route.ts';
import { clearSessionCookie } from '../session-cookie.ts';
import {
  answerSession,
  cookieSchema,
  emailSchema,
  knownPasswordSchema,
  languageOf,
  linkTokenSchema,
  newPasswordSchema,
  ownAgentSchema,
  sessionAnswerSchema,
  toClientFacts,
} from './people-fields.ts';

export type AuthRouteDeps = Pick<People, 'login' | 'sessions' | 'resets' | 'ownPassword' | 'twoStep'> & {
  /** Configured public address; decides with the request whether the cookie is `Secure`. */
  publicUrl: string | null;
};

const loginSchema = z.strictObject({
  // Whatever was typed is only looked up.
  email: z.string('must be a mail address').min(1, 'must not be empty').max(320, 'must have at most 320 characters'),
  password: knownPasswordSchema,
  code: z
    .string('must be a code')
    .min(1, 'must not be empty')
    .max(100, 'must have at most 100 characters')
    .optional()
    .meta({ description: 'Of the authenticator app, or a recovery code; asked for by `urn:tradewind:code-required`.' }),
  cookie: cookieSchema,
});

const codeSchema = z
  .string('must be the code')
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters');
const passwordBody = z.strictObject({ password: knownPasswordSchema });

/** Who one is: log-in and log-out. */
export function createAuthRoutes(deps: AuthRouteDeps): Route[] {
  const { login, sessions, twoStep, publicUrl } = deps;
  return [
    defineRoute({
      method: 'post',
      path: '/api/auth/login',
      summary: 'Log in',
      access: 'public',
      body: loginSchema,
      response: sessionAnswerSchema,
      handle: async ({ body: { cookie, ...credentials }, request, response }) => {
        const { token, agent } = await login.login(credentials, toClientFacts(request));
        return answerSession({ request, response }, { token, agent }, cookie, publicUrl);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/auth/logout',
      summary: 'End this session',
      access: 'agent',
      status: 204,
      handle: async ({ session, request, response }) => {
        await sessions.end(session.sessionId, session.agent.id, `agent:${session.agent.id}`, 'logout');
        clearSessionCookie(request, response, publicUrl);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/me',
      summary: 'Whom this session belongs to',
      access: 'agent',
      response: ownAgentSchema,
      handle: async ({ session: { agent } }) => ({ ...agent, totp: await twoStep.isOn(agent.id) }),
    }),
    ...createPasswordRoutes(deps),
    ...createTwoStepRoutes(deps),
  ];
}

function createPasswordRoutes({ resets, ownPassword, publicUrl }: AuthRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/auth/forgot',
      summary:
        'Ask for a mail with a link for a new password; the answer is the same whether the address is known or not',
      access: 'public',
      body: z.strictObject({ email: emailSchema }),
      status: 204,
      handle: ({ body, request }) => resets.requestByMail(body.email, languageOf(request), toClientFacts(request)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/auth/reset',
      summary: 'Choose a new password by a link; all other sessions end',
      access: 'public',
      body: z.strictObject({ token: linkTokenSchema, password: newPasswordSchema, cookie: cookieSchema }),
      // Where log-ins need a code, no session begins: `agent.totp` says so.
      response: sessionAnswerSchema,
      handle: async ({ body: { token: link, password, cookie }, request, response }) => {
        const { token, agent } = await resets.redeem(link, password, toClientFacts(request));
        return token === null ? { agent } : answerSession({ request, response }, { token, agent }, cookie, publicUrl);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/auth/password',
      summary: 'Change the own password; all other sessions end',
      access: 'agent',
      body: z.strictObject({ current: knownPasswordSchema, password: newPasswordSchema }),
      status: 204,
      handle: ({ body, session, request }) =>
        ownPassword.change(session, body.current, body.password, toClientFacts(request)),
    }),
  ];
}

function createTwoStepRoutes({ twoStep }: AuthRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/auth/totp',
      summary: 'Begin with log-in codes: a secret for the authenticator app, which counts once it is confirmed',
      access: 'agent',
      body: passwordBody,
      response: z.object({ secret: z.string(), uri: z.string() }),
      handle: ({ body, session, request }) => twoStep.begin(session, body.password, toClientFacts(request)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/auth/totp/enable',
      summary: 'Confirm the secret by a code: from now on log-ins need one',
      access: 'agent',
      body: z.strictObject({ code: codeSchema }),
      response: z.object({
        recoveryCodes: z.array(z.string()).meta({ description: 'Told once; each counts once.' }),
      }),
      handle: async ({ body, session }) => ({ recoveryCodes: await twoStep.enable(session.agent.id, body.code) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/auth/totp',
      summary: 'Log in without codes again',
      access: 'agent',
      body: passwordBody,
      status: 204,
      handle: ({ body, session, request }) => twoStep.remove(session, body.password, toClientFacts(request)),
    }),
  ];
}
