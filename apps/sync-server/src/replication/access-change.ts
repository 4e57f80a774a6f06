import type { AccessChanged } from '@tradewind/shared/protocol/sync';
import type { Scopes } from '../auth/scopes.ts';
import type { Db, Tx } from '../db/database.ts';

const EVERYTHING = ['all'];

/**
 * What an agent has lost and gained since the version of his access that a console knows. Where that cannot be told scope by
 * scope (the teams of an account changed, the role did, or the version is unknown) it is everything: the console renews its
 * whole copy.
 */
export async function findAccessChange(
  db: Db | Tx,
  reader: { agentId: string; scopes: Scopes; accessVersion: number },
  knownVersion: number,
): Promise<AccessChanged> {
  const { agentId, scopes, accessVersion } = reader;
  const since = await db
    .selectFrom('agent_access')
    .select(['version', 'scopes'])
    .where('agent_id', '=', agentId)
    .where('version', '>=', knownVersion)
    .where('version', '<', accessVersion)
    .execute();
  const known = since.find((row) => row.version === knownVersion)?.scopes;
  const isWhole = !known || since.some((row) => row.scopes === null) || known.includes('all') || scopes.includes('all');
  if (isWhole) return { lost: EVERYTHING, gained: EVERYTHING, accessVersion };
  return {
    lost: known.filter((scope) => !scopes.includes(scope)),
    gained: scopes.filter((scope) => !known.includes(scope)),
    accessVersion,
  };
}
