import { readFile } from 'node:fs/promises';
import { DESKTOP_ORIGIN, DESKTOP_SCHEME } from '@tradewind/shared/ipc/origin';
import { protocol, type Session } from 'electron';
import { findAppFile, toContentType } from './app-files.ts';
import { buildPolicy } from './policy.ts';

export interface AppProtocolDeps {
  /** The built console. */
  folder: string;
  currentServer(): string | null;
}

const ATTACHMENTS = `${DESKTOP_ORIGIN}/api/attachments/`;
const PASSED_ON = ['content-type', 'content-disposition', 'content-length', 'content-range', 'accept-ranges', 'etag'];

/** Must run before `ready` and before anything is awaited: later the scheme has no origin, no storage and no workers. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: DESKTOP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the console at `app://desk`, and below it the files of conversations, which the page cannot ask for itself. */
export function serveApp(session: Session, deps: AppProtocolDeps): void {
  session.protocol.handle(DESKTOP_SCHEME, async (request) => {
    if (request.method === 'GET' && request.url.startsWith(ATTACHMENTS)) return passOn(request, session, deps);
    const path = request.method === 'GET' ? findAppFile(deps.folder, request.url) : null;
    const body = path === null ? null : await readFile(path).catch(() => null);
    // The policy stands on every answer: a worker obeys the one on its own script, not the page's.
    const headers = {
      'Content-Security-Policy': buildPolicy(deps.currentServer()),
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    };
    if (path === null || body === null) return new Response('There is no such file.', { status: 404, headers });
    return new Response(new Uint8Array(body), { headers: { ...headers, 'Content-Type': toContentType(path) } });
  });
}

/** Images and downloads of the page are same-origin this way: no foreign origin in its policy, no token in an address. */
async function passOn(request: Request, session: Session, { currentServer }: AppProtocolDeps): Promise<Response> {
  const server = currentServer();
  const { pathname } = new URL(request.url);
  if (server === null) return new Response(null, { status: 404 });
  const range = request.headers.get('range');
  try {
    const answer = await session.fetch(server + pathname, {
      credentials: 'omit',
      redirect: 'error',
      signal: request.signal,
      ...(range === null ? {} : { headers: { range } }),
    });
    const headers = new Headers({
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    });
    for (const name of PASSED_ON) {
      const value = answer.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(answer.body, { status: answer.status, headers });
  } catch {
    return new Response(null, { status: 504 }); // the server cannot be reached now
  }
}
