import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { keepPlans } from '../../apps/sync-server/src/db/prepared.ts';
import { outsideProcess } from './sim-process.ts';

/** A real connection of the database, lent to one simulated one after the other. */
export interface RealConnection {
  client: pg.Client;
  pid: number;
}

/** How long a statement may take before somebody asks whether it waits for a lock. */
const PATIENCE_MS = 4;

/** The real connections behind all simulated pools of one world, and an eye on who waits for whom. */
export class Connections {
  readonly #url: string;
  readonly #idle: RealConnection[] = [];
  readonly #all: pg.Client[] = [];
  #observer: Promise<pg.Client> | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  async take(): Promise<RealConnection> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    const client = await this.#open();
    keepPlans(client as unknown as pg.PoolClient);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return { client, pid: rows[0]?.pid ?? 0 };
  }

  giveBack(connection: RealConnection): void {
    this.#idle.push(connection);
  }

  /** A connection for looking at the database from outside; its statements never wait for a turn. */
  observer(): Promise<pg.Client> {
    this.#observer ??= this.#open();
    return this.#observer;
  }

  /** @returns whether the answer has come; false while the statement waits for a lock that somebody else holds. */
  async answeredOrBlocked(answer: Promise<unknown>, pid: number): Promise<boolean> {
    let answered = false;
    const done = answer.then(
      () => {
        answered = true;
      },
      () => {
        answered = true;
      },
    );
    for (;;) {
      await Promise.race([done, sleep(PATIENCE_MS)]);
      if (answered) return true;
      if (await this.#isBlocked(pid)) {
        await Promise.race([done, sleep(0)]);
        return answered;
      }
    }
  }

  async cancel(pid: number): Promise<void> {
    await (await this.observer()).query('select pg_cancel_backend($1)', [pid]);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.end()));
  }

  async #isBlocked(pid: number): Promise<boolean> {
    const { rows } = await (await this.observer()).query<{ blocked: boolean }>(
      'select cardinality(pg_blocking_pids($1)) > 0 as blocked',
      [pid],
    );
    return rows[0]?.blocked === true;
  }

  #open(): Promise<pg.Client> {
    return outsideProcess(async () => {
      const client = new pg.Client({
        connectionString: this.#url,
        // What is lost when the machine dies is not tried here; a deadlock should be noticed at once. Planning statements anew,
        // as PostgreSQL does five times on each connection, costs more than a seed's work.
        options: '-c synchronous_commit=off -c deadlock_timeout=20ms -c plan_cache_mode=force_generic_plan',
      });
      client.on('error', () => undefined);
      await client.connect();
      this.#all.push(client);
      return client;
    });
  }
}
