import type { Session } from 'electron';
import { isApiRequest } from './server-origin.ts';

export interface SignedIn {
  /** The chosen server's origin, or null. */
  currentServer(): string | null;
  /** Its session token, or null. */
  currentToken(): string | null;
}

/** Adds the session token to requests to the chosen server's API and sockets, and to no others; the page never has it. */
export function authorizeRequests(session: Session, { currentServer, currentToken }: SignedIn): void {
  session.webRequest.onBeforeSendHeaders((details, answer) => {
    const requestHeaders = { ...details.requestHeaders };
    const server = currentServer();
    const token = server !== null && isApiRequest(details.url, server) ? currentToken() : null;
    // A redirect brings the headers of the request before it along. Emptied, they are not sent; deleted there, they end
    // the whole app (Electron 33: a failed check of Chromium's).
    for (const name of Object.keys(requestHeaders)) {
      if (name.toLowerCase() === 'authorization') requestHeaders[name] = '';
    }
    if (token !== null) requestHeaders.Authorization = `Bearer ${token}`;
    answer({ requestHeaders });
  });
}
