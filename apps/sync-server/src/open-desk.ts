import { join } from 'node:path';
import type { Logger } from 'pino';
import { findSecretKey, KEY_FILE, keyFingerprint, loadSecretKey } from './accounts/secret-box.ts';
import { type DeskFacts, prepareDesk } from './auth/bootstrap.ts';
import type { Config } from './config/config.ts';
import { type Database, openDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';

export interface OpenDesk {
  database: Database;
  /** Opens the stored secrets. */
  key: Buffer;
  desk: DeskFacts;
}

/**
 * Opens the database, brings its schema up to date, and makes sure that it is this desk with its own key.
 *
 * @throws Error with one sentence for people when it is not; then the database is closed again.
 */
export async function openDesk(
  config: Pick<Config, 'mode' | 'admin' | 'secretKey'>,
  { databaseUrl, dataDir, log, now }: { databaseUrl: string; dataDir: string; log: Logger; now: () => number },
): Promise<OpenDesk> {
  const found = await findSecretKey(config.secretKey, dataDir);
  const database = openDatabase(databaseUrl, {
    onIdleError: (error) => log.warn({ event: 'database.connection-lost', err: error }, 'a database connection broke'),
  });
  try {
    const applied = await migrate(database.pool);
    if (applied.length > 0) log.info({ event: 'database.migrated', migrations: applied }, 'the schema is up to date');
    const key = found ?? (await makeKey(database, dataDir));
    const { mode, admin } = config;
    const desk = await prepareDesk(database.db, { mode, keyFingerprint: keyFingerprint(key), admin, now });
    return { database, key, desk };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** For a desk that is new: a key made beside one that has its own would only hide that the right one is missing. */
async function makeKey({ db }: Database, dataDir: string): Promise<Buffer> {
  const desk = await db.selectFrom('desk').select('key_fingerprint').executeTakeFirst();
  if (desk !== undefined) {
    throw new Error(
      `The secret key of this desk is missing, and no other opens what it has stored: put ${join(dataDir, KEY_FILE)} back (mode 600), or set TRADEWIND_SECRET_KEY.`,
    );
  }
  return loadSecretKey(null, dataDir);
}
