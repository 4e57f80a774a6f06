import type { Request, Response } from 'express';
import { SESSION_DAYS } from '../auth/session-store.ts';

export const SESSION_COOKIE = 'tradewind_session';

/** The session token in a `Cookie` header, for HTTP requests and socket handshakes alike. */
export function readSessionCookie(header: string | undefined): string | null {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === SESSION_COOKIE) return pair.slice(at + 1).trim();
  }
  return null;
}

function cookieOptions(request: Request, publicUrl: string | null) {
  const secure = request.secure || (publicUrl?.startsWith('https:') ?? false);
  return { httpOnly: true, sameSite: 'strict', path: '/', secure } as const;
}

/** Scripts cannot read it, other sites cannot cause it to be sent. */
export function setSessionCookie(request: Request, response: Response, publicUrl: string | null, token: string): void {
  // Sessions slide on the server; the longest a browser keeps a cookie lets the server decide.
  response.cookie(SESSION_COOKIE, token, {
    ...cookieOptions(request, publicUrl),
    maxAge: SESSION_DAYS * 13 * 86_400_000,
  });
}

export function clearSessionCookie(request: Request, response: Response, publicUrl: string | null): void {
  response.clearCookie(SESSION_COOKIE, cookieOptions(request, publicUrl));
}
