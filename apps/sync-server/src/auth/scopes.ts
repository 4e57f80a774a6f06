import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AuthAgent } from './session.ts';

/** What a reader may see: everything, or what meets one of these scopes (protocol: Visibility). */
export type ReaderScopes = readonly string[] | 'all';

export function scopesOf(agent: Pick<AuthAgent, 'id' | 'role' | 'teamIds'>): ReaderScopes {
  if (agent.role === 'admin') return 'all';
  return ['desk', `agent:${agent.id}`, ...agent.teamIds.map((id) => `team:${id}`)];
}

export function canSee(reader: ReaderScopes, documentScopes: readonly string[]): boolean {
  return reader === 'all' || documentScopes.some((scope) => reader.includes(scope));
}

/** The same rule in SQL, for a query in which the document's change-log row is called `log`. */
export function visibleTo(reader: ReaderScopes): RawBuilder<SqlBool> {
  return reader === 'all' ? sql<SqlBool>`true` : sql<SqlBool>`log.scopes && ${[...reader]}::text[]`;
}
