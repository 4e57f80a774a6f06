import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Cluster, DATABASE, USER } from './cluster.ts';
import { findFreePort } from './port.ts';
import { type Postmaster, readPidFile, spawnPostmaster, stopPostmaster, watchPostmaster } from './postmaster.ts';
import { isPostmaster } from './processes.ts';
import type { Programs, RunAs } from './programs.ts';

const RETRY_MS = 200;
const READY_POLL_MS = 50;
const TELL_AFTER_MS = 3000;
// A recovery after a crash replays at most max_wal_size; a slow disk may need minutes.
const START_TIMEOUT_MS = 10 * 60_000;
// What goes by itself: children of a killed postmaster that are still ending, a port that another program took.
const PASSING = /shared memory block|lock file .* already exists|could not create any TCP\/IP sockets/i;

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log; made when missing. */
  dataDir: string;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Sentences for a person who waits: only what takes time or is unusual. */
  onProgress: (line: string) => void;
  /** Gives up a start that is under way; a PostgreSQL that runs is ended by `stop()`. */
  signal?: AbortSignal;
}

/** Brings PostgreSQL up in one data folder, by adoption or by starting it. */
export class Starter {
  readonly #programs: Programs;
  readonly #cluster: Cluster;
  readonly #runAs: RunAs;
  readonly #options: EmbeddedPostgresOptions;

  constructor(programs: Programs, cluster: Cluster, runAs: RunAs, options: EmbeddedPostgresOptions) {
    this.#programs = programs;
    this.#cluster = cluster;
    this.#runAs = runAs;
    this.#options = options;
  }

  connectionString(port: number): string {
    return `postgres://${USER}:${this.#cluster.password}@127.0.0.1:${port}/${DATABASE}`;
  }

  /**
   * Returns a postmaster that answers queries: the one that is running, else a new one.
   *
   * @param mayMove - whether another port may be taken when this one is not free.
   * @param signal - gives up: what was being started is stopped again.
   * @throws Error in one sentence when PostgreSQL does not start, or when given up.
   */
  async bringUp(port: number, mayMove: boolean, signal: AbortSignal): Promise<Postmaster> {
    const giveUpAt = Date.now() + START_TIMEOUT_MS;
    let wanted = port;
    let reason = 'it did not become ready in time';
    const told = setTimeout(() => {
      this.#options.onProgress('Waiting for PostgreSQL, which is recovering from an interruption');
    }, TELL_AFTER_MS);
    try {
      while (Date.now() < giveUpAt && !signal.aborted) {
        const running = await this.#findRunning();
        const postmaster = running ?? (await spawnPostmaster(this.#programs, this.#cluster, this.#runAs, wanted));
        if (await this.#waitUntilReady(postmaster, giveUpAt, signal)) {
          const event = running ? 'postgres.adopted' : 'postgres.started';
          this.#options.log.info({ event, pid: postmaster.pid, port: postmaster.port }, 'PostgreSQL is ready');
          return postmaster;
        }
        if (signal.aborted || Date.now() >= giveUpAt) await stopPostmaster(postmaster);
        reason = await postmaster.gone;
        if (!running && !PASSING.test(reason)) break;
        if (mayMove) wanted = await findFreePort();
        await sleep(RETRY_MS);
      }
    } finally {
      clearTimeout(told);
    }
    if (signal.aborted) throw new Error('The start of PostgreSQL was given up.');
    throw new Error(`PostgreSQL did not start: ${reason} (its log is ${this.#cluster.logFile}).`);
  }

  async #findRunning(): Promise<Postmaster | null> {
    const { folder } = this.#cluster;
    const found = await readPidFile(folder);
    if (found === null || found.dataDir !== folder || !(await isPostmaster(found.pid, folder))) return null;
    return watchPostmaster(found.pid, found.port, folder);
  }

  /** @returns false when the process ended first or the start was given up. A postmaster that is shutting down is waited for in the same way. */
  async #waitUntilReady(postmaster: Postmaster, giveUpAt: number, signal: AbortSignal): Promise<boolean> {
    let gone = false;
    void postmaster.gone.then(() => {
      gone = true;
    });
    while (!gone && !signal.aborted && Date.now() < giveUpAt) {
      if (await this.#answers(postmaster.port)) return true;
      await sleep(READY_POLL_MS);
    }
    return false;
  }

  /** @throws Error when the server on this port refuses our password: it is not ours. */
  async #answers(port: number): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.connectionString(port),
      connectionTimeoutMillis: 5000,
      application_name: 'tradewind-supervisor',
    });
    client.on('error', () => undefined); // a connection lost here is the answer "not yet"
    try {
      await client.connect();
      const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
      return rows[0]?.folder === this.#cluster.folder;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === '28P01') {
        throw new Error(`The password kept in ${this.#options.dataDir} does not open the database there.`, {
          cause: error,
        });
      }
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
