import { type RawBuilder, type SqlBool, sql } from 'kysely';

/** Who a request acts for, as far as permissions need it. */
export interface AuthAgent {
  id: string;
  email: string;
  name: string;
  role: 'admin' | 'agent';
  teamIds: string[];
  /** Raised whenever what the agent may see changes. */
  accessVersion: number;
}

/** What a reader may see: whatever meets one of these scopes (protocol: Visibility). */
export type Scopes = readonly string[];

/**
 * Shared documents have the scope `all`, which admins meet; what is one agent's own has not. The database knows the same rule
 * (`agent_scopes`, migration 0003).
 */
export function scopesOf(agent: Pick<AuthAgent, 'id' | 'role' | 'teamIds'>): Scopes {
  if (agent.role === 'admin') return ['all', `agent:${agent.id}`];
  return ['desk', `agent:${agent.id}`, ...agent.teamIds.map((id) => `team:${id}`)];
}

/** Whether a document with these scopes may be seen by this reader (R15). */
export function isVisible(documentScopes: readonly string[], reader: Scopes): boolean {
  return documentScopes.some((scope) => reader.includes(scope));
}

/** By which of their own scopes a reader sees a document. */
export function visibleScopes(documentScopes: readonly string[], reader: Scopes): readonly string[] {
  return documentScopes.filter((scope) => reader.includes(scope));
}

/** The same rule in SQL, for a query in which the document's change-log row is called `log`. */
export function isVisibleSql(reader: Scopes): RawBuilder<SqlBool> {
  return sql<SqlBool>`log.scopes && ${[...reader]}::text[]`;
}
