import { currentServer, platform } from './platform.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * A request to the chosen server's API, with what proves the session: the browser's cookie, or what the shell adds.
 *
 * @param path - beginning with `/api/`.
 * @throws TypeError when the server cannot be reached, and while none is chosen.
 */
export function apiFetch(path: string, init: RequestInit = {}): Promise<Response> {
  const server = currentServer();
  if (server === null) return Promise.reject(new TypeError('No server has been chosen yet.'));
  const headers = new Headers(init.headers);
  if (!SAFE_METHODS.has(init.method ?? 'GET')) headers.set('x-tradewind-csrf', '1');
  if (typeof init.body === 'string' && !headers.has('content-type')) headers.set('content-type', 'application/json');
  return fetch(server + path, { cache: 'no-store', credentials: 'same-origin', ...init, headers });
}

/** What a log-in says about its session: set a cookie in the browser; the desktop shell takes the token. */
export function wantsCookie(): boolean {
  return platform.bridge === null;
}
