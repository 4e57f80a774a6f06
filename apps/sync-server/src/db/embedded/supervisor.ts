import { chmod, mkdir, realpath } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClosedFolder, openCluster } from './cluster.ts';
import { lockFolder } from './lock.ts';
import { findFreePort } from './port.ts';
import { type Postmaster, stopPostmaster } from './postmaster.ts';
import { signal } from './processes.ts';
import { choosePostgresUser, preparePrograms, type RunAs } from './programs.ts';
import { type EmbeddedPostgresOptions, Starter } from './starter.ts';

const LONGEST_BACKOFF_MS = 10_000;

export interface EmbeddedPostgres {
  connectionString: string;
  /** The postmaster's process id now; it changes when PostgreSQL is started again. */
  readonly pid: number;
  /** Ends it in order; takes as long as open transactions need to be rolled back and memory to be written. */
  stop(): Promise<void>;
  /** Ends it at once, for a process that is about to exit; the next start recovers. */
  stopNow(): void;
}

/**
 * Runs the embedded PostgreSQL on 127.0.0.1 and keeps it running: when it dies it is started again on the same port, so
 * `connectionString` stays good and pools reconnect.
 *
 * Only one process supervises a data folder. A postmaster that outlived its supervisor is adopted when its pid lives, its data
 * folder is ours and our password works.
 *
 * @throws Error in one sentence, fit for a terminal, for everything that can go wrong.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const runAs = choosePostgresUser();
  const dataDir = await prepareFolder(options.dataDir, runAs);
  const lock = await lockFolder(dataDir);
  try {
    const programs = await preparePrograms(dataDir, runAs, options.onProgress);
    const cluster = await openCluster(dataDir, programs, runAs, options.onProgress);
    return await supervise(new Starter(programs, cluster, runAs, options), lock.release, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** @returns the folder's real path, by which PostgreSQL and the lock know it. */
async function prepareFolder(dataDir: string, runAs: RunAs): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
    // Others may pass through to the cluster, which is its owner's alone, and see nothing.
    await chmod(dataDir, 0o711);
  } catch (cause) {
    throw new Error(
      `The data folder ${dataDir} cannot be written (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'}).`,
      { cause },
    );
  }
  const folder = await realpath(dataDir);
  const closed = await findClosedFolder(folder, runAs);
  if (closed !== null) {
    throw new Error(
      `PostgreSQL never runs as root, and its user (uid ${runAs.uid}) may not enter ${closed}: choose a data folder elsewhere with --data DIR, or allow it with chmod o+x ${closed}.`,
    );
  }
  return folder;
}

async function supervise(
  starter: Starter,
  release: () => Promise<void>,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { log } = options;
  const stopping = new AbortController();
  let current = await starter.bringUp(await findFreePort(), true, options.signal ?? stopping.signal);
  const { port } = current;
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const reason = await current.gone;
      if (stopping.signal.aborted) return;
      log.error({ event: 'postgres.died', pid: current.pid, reason }, 'PostgreSQL died and is started again');
      current = (await startAgain(starter, port, stopping.signal, log)) ?? current;
    }
  })();
  let stopped: Promise<void> | null = null;
  const stop = async () => {
    stopping.abort();
    await stopPostmaster(current);
    await watching;
    // A restart that was under way when we were told to stop may have been completed meanwhile.
    await stopPostmaster(current);
    await release();
  };
  return {
    connectionString: starter.connectionString(port),
    get pid() {
      return current.pid;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
    stopNow: () => {
      stopping.abort();
      signal(current.pid, 'SIGQUIT');
    },
  };
}

async function startAgain(
  starter: Starter,
  port: number,
  stopping: AbortSignal,
  log: EmbeddedPostgresOptions['log'],
): Promise<Postmaster | null> {
  for (let backoffMs = 100; !stopping.aborted; backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)) {
    try {
      return await starter.bringUp(port, false, stopping);
    } catch (error) {
      if (stopping.aborted) return null;
      log.error({ event: 'postgres.start-failed', err: error, backoffMs }, 'PostgreSQL could not be started again');
      await sleep(backoffMs, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return null;
}
