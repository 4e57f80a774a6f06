import { EventEmitter } from 'node:events';
import type { RealConnection } from './connections.ts';
import type { SimProcess } from './sim-process.ts';
import type { Statement, Statements } from './statements.ts';

/** What a fault makes of a statement: the connection breaks before it is carried out, or before its answer arrives. */
export type StatementFault = 'lost-before' | 'lost-after';

/** In place of a `pg.PoolClient`: every statement waits for its turn. */
export class SimConnection extends EventEmitter {
  readonly owner: SimProcess;
  readonly #statements: Statements;
  readonly #release: (connection: SimConnection) => void;
  #real: RealConnection | null = null;
  /** A `begin` travels with the statement after it: what a transaction sees is decided by its first statement. */
  #begin: string | null = null;
  #inTransaction = false;
  #isBroken = false;
  /** What it does, or its transaction so far, changes who may see what. */
  changesAccess = false;

  constructor(owner: SimProcess, release: (connection: SimConnection) => void) {
    super();
    this.owner = owner;
    this.#release = release;
    this.#statements = owner.world.statements;
    owner.onDeath(() => this.#statements.abandon(this));
  }

  get inTransaction(): boolean {
    return this.#inTransaction || this.#begin !== null;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  get real(): RealConnection | null {
    return this.#real;
  }

  async query(first: unknown, values?: unknown): Promise<unknown> {
    const text = typeof first === 'string' ? first : (first as { text: string }).text;
    if (/^\s*(begin|start transaction)\b/i.test(text)) {
      this.#begin = text;
      return { rows: [], rowCount: 0, command: 'BEGIN' };
    }
    if (/^\s*(commit|rollback)\s*$/i.test(text) && this.#begin !== null && !this.#inTransaction) {
      this.#begin = null;
      return { rows: [], rowCount: 0, command: 'COMMIT' };
    }
    return new Promise((resolve, reject) => {
      this.#statements.add({ connection: this, text, args: [first, values], resolve, reject });
    });
  }

  async prepare(): Promise<RealConnection> {
    this.#real ??= await this.owner.world.connections.take();
    return this.#real;
  }

  /** Carries the statement out on the real connection; `prepare` comes before it. */
  perform({ text, args }: Statement): Promise<unknown> {
    if (this.#isBroken || !this.#real) return Promise.reject(connectionError());
    const { client } = this.#real;
    if (this.#begin !== null) {
      this.#inTransaction = true;
      void client.query(this.#begin).catch(() => undefined);
      this.#begin = null;
    }
    if (/^\s*(commit|rollback)\s*$/i.test(text)) this.#inTransaction = false;
    else this.changesAccess = (this.#inTransaction && this.changesAccess) || /^\s*update\b.*\bteam_ids\b/is.test(text);
    const [first, values] = args;
    // Either of pg's two forms: text and values, or one object.
    if (typeof first !== 'string' || !Array.isArray(values)) return client.query(first as string, values as unknown[]);
    return client.query({ name: nameOf(first), text: first, values });
  }

  /** The connection is gone: what was not committed is rolled back, and nobody hears of it. */
  async breakOff(): Promise<void> {
    this.#isBroken = true;
    this.#begin = null;
    const real = this.#real;
    this.#real = null;
    if (!real) return;
    if (this.#inTransaction) await real.client.query('rollback');
    this.#inTransaction = false;
    // The real one lives on, and must not keep what dies with a session.
    await real.client.query('select pg_advisory_unlock_all()');
    this.owner.world.connections.giveBack(real);
  }

  /** @param error - set when whoever used it knows that it is of no use any more. */
  release(error?: unknown): void {
    if (error) this.#isBroken = true;
    this.#release(this);
  }

  giveBack(): void {
    if (this.#real) this.owner.world.connections.giveBack(this.#real);
    this.#real = null;
  }
}

export function connectionError(): Error {
  return Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
}

const names = new Map<string, string>();

/** Planning takes longer than anything else a seed does in the database: every text is planned once per connection. */
function nameOf(text: string): string {
  const known = names.get(text) ?? `s${names.size}`;
  names.set(text, known);
  return known;
}
