import type { Connections } from './connections.ts';
import type { Scheduler } from './scheduler.ts';
import { connectionError, type SimConnection, type StatementFault } from './sim-connection.ts';

export interface Statement {
  connection: SimConnection;
  text: string;
  args: readonly [unknown, unknown];
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Blocked {
  statement: Statement;
  answer: Promise<unknown>;
}

export function isCommit(text: string): boolean {
  return /^\s*commit\s*$/i.test(text);
}

/** A plain select waits for nobody. */
function mayWait(text: string): boolean {
  return !/^\s*select\b/i.test(text) || /for update|advisory/i.test(text);
}

/**
 * The statements of all simulated processes. One runs at a time, in an order that the seed chooses, so that transactions
 * interleave in every way and the same way again; one that waits for a lock is set aside until the lock is free.
 */
export class Statements {
  readonly #scheduler: Scheduler;
  readonly #connections: Connections;
  readonly #blocked: Blocked[] = [];
  #abandoned: Promise<void> = Promise.resolve();
  /** Told after each commit, before anything else happens. */
  onCommit: ((changesAccess: boolean) => Promise<void>) | null = null;
  /** Asked before each statement. */
  fault: ((statement: Statement) => StatementFault | 'crash-before' | 'crash-after' | null) | null = null;

  constructor(scheduler: Scheduler, connections: Connections) {
    this.#scheduler = scheduler;
    this.#connections = connections;
  }

  add(statement: Statement): void {
    const { owner } = statement.connection;
    this.#scheduler.add({ owner, kind: 'statement', label: statement.text, run: () => this.#run(statement) });
  }

  async #run(statement: Statement): Promise<void> {
    const { connection } = statement;
    const fault = this.fault?.(statement) ?? null;
    if (fault === 'crash-before') return connection.owner.die();
    if (fault === 'lost-before') {
      await connection.breakOff();
      await this.#recheck();
      statement.reject(connectionError());
      return;
    }
    const { pid } = await connection.prepare();
    const answer = connection.perform(statement);
    answer.catch(() => undefined);
    if (mayWait(statement.text) && !(await this.#connections.answeredOrBlocked(answer, pid))) {
      this.#blocked.push({ statement, answer });
      return;
    }
    if (isCommit(statement.text)) await this.onCommit?.(connection.changesAccess);
    if (fault === 'crash-after') {
      await answer;
      connection.owner.die();
    } else if (fault === 'lost-after') {
      await answer;
      await connection.breakOff();
      statement.reject(connectionError());
    } else await settle(statement, answer);
    await this.#recheck();
  }

  /** What is set aside, and who in the database waits for whom: for the one who looks for the cause of a standstill. */
  async describe(): Promise<string> {
    const observer = await this.#connections.observer();
    const { rows } = await observer.query<{ line: string }>(
      `select pid || ' ' || state || coalesce(' waits for ' || array_to_string(nullif(pg_blocking_pids(pid), '{}'), ', '), '')
         || ': ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 160) as line
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    const blocked = this.#blocked.map(({ statement: { connection, text } }) => {
      const { owner, real } = connection;
      return `set aside: ${owner.name}${owner.alive ? '' : ' (dead)'} on ${real?.pid}: ${text.slice(0, 100)}`;
    });
    return [...blocked, ...rows.map(({ line }) => line)].join('\n    ');
  }

  /** Rolls back what a dead process has open, and frees what it waits for. */
  abandon(connection: SimConnection): void {
    this.#abandoned = this.#abandoned.then(async () => {
      const index = this.#blocked.findIndex(({ statement }) => statement.connection === connection);
      const [blocked] = index < 0 ? [] : this.#blocked.splice(index, 1);
      if (blocked && connection.real) {
        await this.#connections.cancel(connection.real.pid);
        await blocked.answer.catch(() => undefined);
      }
      await connection.breakOff();
    });
  }

  /** Resolves when nothing of dead processes is left in the database. */
  async buried(): Promise<void> {
    await this.#abandoned;
    await this.#recheck();
  }

  /** A lock may have become free: those who got it go on, in the order in which they came. */
  async #recheck(): Promise<void> {
    for (const blocked of [...this.#blocked]) {
      const pid = blocked.statement.connection.real?.pid;
      if (pid === undefined || !(await this.#connections.answeredOrBlocked(blocked.answer, pid))) continue;
      const index = this.#blocked.indexOf(blocked);
      if (index < 0) continue;
      this.#blocked.splice(index, 1);
      await settle(blocked.statement, blocked.answer);
      await this.#scheduler.rest();
    }
  }
}

async function settle(statement: Statement, answer: Promise<unknown>): Promise<void> {
  try {
    statement.resolve(await answer);
  } catch (error) {
    statement.reject(error);
  }
}
