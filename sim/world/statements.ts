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
  pid: number;
  answer: Promise<unknown>;
}

export function isCommit(text: string): boolean {
  return /^\s*commit\s*$/i.test(text);
}

/** What may free a lock: the end of a transaction, or of a statement that is one by itself. */
function freesLocks(text: string, inTransaction: boolean): boolean {
  return !inTransaction || /^\s*(commit|rollback)\b|advisory_unlock/i.test(text);
}

/** A plain select waits for nobody. */
function mayWait(text: string): boolean {
  return !/^\s*select\b/i.test(text) || /for (no key )?update|for (key )?share|advisory/i.test(text);
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
      this.#blocked.push({ statement, pid, answer });
      return;
    }
    if (isCommit(statement.text)) await this.onCommit?.(connection.changesAccess);
    let frees = freesLocks(statement.text, connection.inTransaction);
    if (fault === 'crash-after') {
      await answer.catch(() => undefined);
      connection.owner.die();
      return;
    }
    if (fault === 'lost-after') {
      await answer.catch(() => undefined);
      await connection.breakOff();
      statement.reject(connectionError());
      frees = true;
    } else if (!(await settle(statement, answer))) frees = true;
    if (!frees) return;
    // What the answer set in motion comes before what others are freed for.
    await this.#scheduler.rest();
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
    while (this.#blocked.length > 0) {
      const waiting = await this.#connections.blockedAmong(this.#blocked.map(({ pid }) => pid));
      const freed = this.#blocked.find(({ pid }) => !waiting.has(pid));
      if (!freed) return;
      if (!(await this.#connections.answeredOrBlocked(freed.answer, freed.pid))) continue;
      const index = this.#blocked.indexOf(freed);
      if (index < 0) continue;
      this.#blocked.splice(index, 1);
      await settle(freed.statement, freed.answer);
      await this.#scheduler.rest();
    }
  }
}

/** @returns whether it went well; a transaction in which something failed has lost its locks. */
async function settle(statement: Statement, answer: Promise<unknown>): Promise<boolean> {
  try {
    statement.resolve(await answer);
    return true;
  } catch (error) {
    statement.reject(asDeadlock(error));
    return false;
  }
}

/** Nothing else cancels statements here: it lost a deadlock. */
function asDeadlock(error: unknown): unknown {
  if ((error as { code?: string }).code !== '57014') return error;
  return Object.assign(new Error('deadlock detected', { cause: error }), { code: '40P01' });
}
