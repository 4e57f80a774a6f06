import type { AuthAgent } from './scopes.ts';

export interface AuthSession {
  agent: AuthAgent;
  sessionId: string;
}

/** Where a request came from, for the sessions list and the audit log. */
export interface ClientFacts {
  address: string;
  userAgent: string;
}

/** A session that is over, or all of an agent's: sockets of it must be cut. */
export type SessionEnd = { sessionId: string } | { agentId: string; exceptSessionId: string | null };
