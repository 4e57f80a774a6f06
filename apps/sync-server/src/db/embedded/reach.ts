import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE, USER } from './cluster.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import { readPidFile } from './postmaster.ts';
import { isPostmaster } from './processes.ts';
import type { EmbeddedPostgresOptions } from './starter.ts';
import { startEmbeddedPostgres } from './supervisor.ts';

const WAIT_MS = 30_000;
const LOOK_MS = 250;

export interface ReachedPostgres {
  connectionString: string;
  /** Ends a PostgreSQL that was started for this; one that a running Tradewind uses goes on. */
  close(): Promise<void>;
}

/**
 * A way to the embedded PostgreSQL of a desk whether Tradewind is running on it or not.
 *
 * @param dataDir - the desk's data folder.
 * @throws Error in one sentence when it cannot be reached.
 */
export async function reachEmbeddedPostgres(
  dataDir: string,
  options: Omit<EmbeddedPostgresOptions, 'dataDir'>,
): Promise<ReachedPostgres> {
  const folder = join(dataDir, 'postgres');
  const running = await findRunning(folder);
  if (running !== null) return { connectionString: running, close: async () => undefined };
  const lock = await lockFolder(dataDir).catch((error: unknown) => (error instanceof Error ? error : new Error()));
  if (lock instanceof Error) {
    // Whoever holds the folder is just starting or stopping.
    for (const until = Date.now() + WAIT_MS; Date.now() < until; ) {
      await sleep(LOOK_MS, undefined, options.signal ? { signal: options.signal } : {});
      const started = await findRunning(folder);
      if (started !== null) return { connectionString: started, close: async () => undefined };
    }
    throw lock;
  }
  return startHeldPostgres(lock, dataDir, options);
}

/** Starts the PostgreSQL of a folder that is ours alone; the lock is given back when it ends, or does not start. */
export async function startHeldPostgres(
  lock: FolderLock,
  dataDir: string,
  options: Omit<EmbeddedPostgresOptions, 'dataDir'>,
): Promise<ReachedPostgres> {
  try {
    const postgres = await startEmbeddedPostgres({ ...options, dataDir: join(dataDir, 'postgres') });
    return {
      connectionString: postgres.connectionString,
      close: async () => {
        await postgres.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The address of the PostgreSQL that runs on this folder and takes connections; null when there is none. */
async function findRunning(folder: string): Promise<string | null> {
  const cluster = await realpath(join(folder, 'cluster')).catch(() => null);
  const found = cluster === null ? null : await readPidFile(cluster);
  // A copied folder has the file of the PostgreSQL it was copied from.
  if (found === null || found.dataDir !== cluster || !(await isPostmaster(found.pid, cluster))) return null;
  const password = (await readFile(join(folder, 'password'), 'utf8').catch(() => '')).trim();
  const connectionString = `postgres://${USER}:${password}@127.0.0.1:${found.port}/${DATABASE}`;
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // a connection lost here is the answer "not now"
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
    return rows[0]?.folder === found.dataDir ? connectionString : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
