import type { Selectable } from 'kysely';
import type { Tables } from '../db/tables.ts';
import type { AuthAgent } from './scopes.ts';

export type AgentRow = Selectable<Tables['agents']>;

/** What agents are told about themselves. */
export interface OwnAgent extends AuthAgent {
  /** Whether log-ins need a code of the authenticator app. */
  totp: boolean;
}

export function toOwnAgent(row: AgentRow): OwnAgent {
  const { id, email, name, role, team_ids: teamIds, access_version: accessVersion } = row;
  return { id, email, name, role, teamIds, accessVersion, totp: hasTotp(row) };
}

/** A secret that was shown but never confirmed by a code does not count. */
export function hasTotp(row: Pick<AgentRow, 'totp_since'>): boolean {
  return row.totp_since !== null;
}
