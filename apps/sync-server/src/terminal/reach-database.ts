import type { Config } from '../config/config.ts';
import { type ReachedPostgres, reachEmbeddedPostgres } from '../db/embedded/reach.ts';
import { findDataFolder } from '../launch/data-folder.ts';
import { createLogger } from '../observability/logger.ts';

/**
 * The database of a desk that is there already, whether Tradewind is running on it or not.
 *
 * @param onProgress - told while an embedded PostgreSQL is started for this.
 * @throws Error in one sentence when there is none.
 */
export async function reachDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  options: { onProgress: (line: string) => void; signal: AbortSignal },
): Promise<ReachedPostgres> {
  if (databaseUrl !== null) return { connectionString: databaseUrl, close: async () => undefined };
  const { folder } = await findDataFolder(dataDir);
  return reachEmbeddedPostgres(folder, { log: createLogger('silent'), ...options });
}
