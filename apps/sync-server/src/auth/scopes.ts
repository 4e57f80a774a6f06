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

/** What a reader may see: everything, or what meets one of these scopes (protocol: Visibility). */
export type Scopes = readonly string[] | 'all';

export function scopesOf(agent: Pick<AuthAgent, 'id' | 'role' | 'teamIds'>): Scopes {
  if (agent.role === 'admin') return 'all';
  return ['desk', `agent:${agent.id}`, ...agent.teamIds.map((id) => `team:${id}`)];
}

/** Whether a document with these scopes may be seen by this reader (R15). */
export function isVisible(documentScopes: readonly string[], reader: Scopes): boolean {
  return reader === 'all' || documentScopes.some((scope) => reader.includes(scope));
}

/** The same rule in SQL, for a query in which the document's change-log row is called `log`. */
export function isVisibleSql(reader: Scopes): RawBuilder<SqlBool> {
  return reader === 'all' ? sql<SqlBool>`true` : sql<SqlBool>`log.scopes && ${[...reader]}::text[]`;
}

/** By which of their own scopes a reader sees a document. */
export function visibleScopes(documentScopes: readonly string[], reader: Scopes): readonly string[] {
  return reader === 'all' ? ['all'] : documentScopes.filter((scope) => reader.includes(scope));
}
