import { AppError } from '@tradewind/shared/protocol/errors';
import type { Request } from 'express';
import type { AuthSession } from '../auth/session.ts';
import type { SessionStore } from '../auth/session-store.ts';
import { readSessionCookie } from './session-cookie.ts';

export interface AuthenticatedSession extends AuthSession {
  via: 'bearer' | 'cookie';
}

export const CSRF_HEADER = 'x-tradewind-csrf';
/**
 * The agent a console belongs to. The browser's cookie is shared by all tabs: when somebody else logs in in another one,
 * what the first agent had queued must not be carried out in the other's name.
 */
const AGENT_HEADER = 'x-tradewind-agent';
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a console reads of a 401: whether it has to erase what it holds of this agent (docs/protocol.md, P65). */
async function toRefusal(token: string | null, sessions: SessionStore): Promise<AppError> {
  const erasing = token === null ? null : await sessions.findErasing(token);
  return new AppError('unauthenticated', 'Log in first: this needs a valid session.', erasing ? { data: erasing } : {});
}

/**
 * Whom a request acts for: its bearer token, else the browser's cookie.
 *
 * @throws AppError `unauthenticated` without a valid one; `forbidden` when a cookie alone asks for a change: a foreign
 *   page can make a browser send cookies, but not the header.
 */
export async function authenticate(request: Request, sessions: SessionStore): Promise<AuthenticatedSession> {
  const header = request.headers.authorization;
  const bearer = header === undefined ? null : (/^bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
  const cookie = bearer === null ? readSessionCookie(request.headers.cookie) : null;
  const token = bearer ?? cookie;
  const session = token === null ? null : await sessions.resolveToken(token);
  if (!session) throw await toRefusal(token, sessions);
  if (bearer === null && !SAFE_METHODS.has(request.method) && request.headers[CSRF_HEADER] !== '1') {
    throw new AppError('forbidden', `A change made with the session cookie needs the header ${CSRF_HEADER}: 1.`);
  }
  const claimed = request.headers[AGENT_HEADER];
  if (claimed !== undefined && claimed !== session.agent.id) {
    throw new AppError('unauthenticated', 'Another agent is logged in here now: log in again.');
  }
  return { ...session, via: bearer === null ? 'cookie' : 'bearer' };
}
