import { EventEmitter } from 'node:events';
import { SimConnection } from './sim-connection.ts';
import { requireProcess, type SimProcess } from './sim-process.ts';

/** In place of `pg.Pool`: gives out simulated connections, as many as are asked for. */
export class SimPool extends EventEmitter {
  readonly #owner: SimProcess;
  readonly #idle: SimConnection[] = [];
  readonly #limit: number;
  readonly #waiting: ((connection: SimConnection) => void)[] = [];
  #count = 0;
  ended = false;

  constructor(options: { max?: number }) {
    super();
    this.#owner = requireProcess();
    this.#limit = options.max ?? 10;
  }

  async connect(): Promise<SimConnection> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#count >= this.#limit) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#count += 1;
    const connection = new SimConnection(this.#owner, (used) => this.#release(used));
    return connection;
  }

  async query(text: unknown, values?: unknown): Promise<unknown> {
    const connection = await this.connect();
    try {
      return await connection.query(text, values);
    } finally {
      connection.release();
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    for (const connection of this.#idle.splice(0)) connection.giveBack();
  }

  #release(connection: SimConnection): void {
    if (connection.isBroken) {
      // As with the real pool, whoever waits gets a new one.
      this.#count -= 1;
      const waiting = this.#waiting.shift();
      if (waiting) void this.connect().then(waiting);
      return;
    }
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }
}
