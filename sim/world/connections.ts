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
const PATIENCE_MS = 2;

/** Whether a statement waits for a lock, and whether for one that can never become free. */
type Waits = 'no' | 'yes' | 'deadlock';

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

  /**
   * Waits until the answer has come or the statement waits for a lock that somebody else holds. Of those who wait for each
   * other in a circle the one that closed it loses, at once: PostgreSQL would choose by the time that has passed.
   *
   * @returns whether the answer has come.
   */
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
      const waits = await this.#waits(pid);
      if (answered) return true;
      if (waits === 'yes') return false;
      if (waits === 'deadlock') await this.cancel(pid);
    }
  }

  /** Which of them still wait for a lock. */
  async blockedAmong(pids: readonly number[]): Promise<ReadonlySet<number>> {
    const { rows } = await (await this.observer()).query<{ pid: number }>({
      name: 'blocked-among',
      text: 'select pid from unnest($1::int[]) pid where cardinality(pg_blocking_pids(pid)) > 0',
      values: [pids],
    });
    return new Set(rows.map(({ pid }) => pid));
  }

  async cancel(pid: number): Promise<void> {
    await (await this.observer()).query('select pg_cancel_backend($1)', [pid]);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((client) => client.end()));
  }

  async #waits(pid: number): Promise<Waits> {
    const { rows } = await (await this.observer()).query<{ waits: Waits }>({
      name: 'waits',
      text: `with recursive holders(pid) as (
               select unnest(pg_blocking_pids($1)) union select unnest(pg_blocking_pids(h.pid)) from holders h)
             select case when not exists (select from holders) then 'no'
                         when exists (select from holders where pid = $1) then 'deadlock' else 'yes' end as waits`,
      values: [pid],
    });
    return rows[0]?.waits ?? 'no';
  }

  #open(): Promise<pg.Client> {
    return outsideProcess(async () => {
      const client = new pg.Client({
        connectionString: this.#url,
        // What is lost when the machine dies is not tried here, and deadlocks are found by us. Planning statements anew, as
        // PostgreSQL does five times on each connection, costs more than a seed's work.
        options: '-c synchronous_commit=off -c deadlock_timeout=1h -c plan_cache_mode=force_generic_plan',
        pipeline: true, // a `begin` and what follows it travel together
      });
      client.on('error', () => undefined);
      await client.connect();
      this.#all.push(client);
      return client;
    });
  }
}
