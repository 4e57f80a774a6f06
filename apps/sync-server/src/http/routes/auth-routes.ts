import { AppError } from '@tradewind/shared/protocol/errors';
import type { Request } from 'express';
import { z } from 'zod';
import type { Login } from '../../auth/login.ts';
import type { ClientFacts } from '../../auth/session.ts';
import type { SessionStore } from '../../auth/session-store.ts';
import { filterText, idParams } from '../fields.ts';
import { defineRoute, type Route } from '../route.ts';
import { clearSessionCookie, setSessionCookie } from '../session-cookie.ts';

export interface AuthRouteDeps {
  login: Login;
  sessions: SessionStore;
  /** Configured public address; decides with the request whether the cookie is `Secure`. */
  publicUrl: string | null;
}

const LONGEST_USER_AGENT = 300;

const meSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(['admin', 'agent']),
  teamIds: z.array(z.string()),
  accessVersion: z.number(),
});

const loginSchema = z.strictObject({
  email: z.string('must be a mail address').min(1, 'must not be empty').max(320),
  password: z.string('must be the password').min(1, 'must not be empty').max(1_000),
  cookie: z
    .boolean()
    .optional()
    .meta({ description: 'Set the session cookie of the browser instead of telling the token.' }),
});

const sessionSchema = z.object({
  id: z.string(),
  agentId: z.string(),
  userAgent: z.string(),
  address: z.string(),
  createdAt: z.number(),
  lastSeenAt: z.number(),
  expiresAt: z.number(),
  current: z.boolean().meta({ description: 'The session of this very request.' }),
});

function toClientFacts(request: Request): ClientFacts {
  const userAgent = request.headers['user-agent'] ?? '';
  return { address: request.ip ?? '', userAgent: userAgent.slice(0, LONGEST_USER_AGENT) };
}

export function createAuthRoutes({ login, sessions, publicUrl }: AuthRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/auth/login',
      summary: 'Log in',
      access: 'public',
      body: loginSchema,
      response: z.object({ token: z.string().optional(), agent: meSchema }),
      handle: async ({ body, request, response }) => {
        const { token, agent } = await login.login(body, toClientFacts(request));
        if (body.cookie !== true) return { token, agent };
        setSessionCookie(request, response, publicUrl, token);
        return { agent };
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
      response: meSchema,
      handle: ({ session }) => session.agent,
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions',
      summary: 'Own sessions; an admin may ask for those of any agent',
      access: 'agent',
      query: z.strictObject({ agentId: filterText }),
      response: z.object({ items: z.array(sessionSchema), nextCursor: z.null() }),
      handle: async ({ query, session }) => {
        const agentId = query.agentId ?? session.agent.id;
        if (agentId !== session.agent.id && session.agent.role !== 'admin') {
          throw new AppError('forbidden', 'Only an admin may see the sessions of others.');
        }
        const rows = await sessions.list(agentId);
        return { items: rows.map((row) => ({ ...row, current: row.id === session.sessionId })), nextCursor: null };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sessions',
      summary: 'End all own sessions but this one',
      access: 'agent',
      response: z.object({ revoked: z.number() }),
      handle: async ({ session: { agent, sessionId } }) => {
        return { revoked: await sessions.endOthers(agent.id, sessionId, `agent:${agent.id}`) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sessions/{id}',
      summary: 'End a session: an own one, or as an admin anybody’s',
      access: 'agent',
      params: idParams,
      status: 204,
      handle: async ({ params, session: { agent } }) => {
        const owner = agent.role === 'admin' ? null : agent.id;
        const ended = await sessions.end(params.id, owner, `agent:${agent.id}`, 'session.revoke');
        if (!ended) throw new AppError('not-found', 'There is no such session.');
      },
    }),
  ];
}
