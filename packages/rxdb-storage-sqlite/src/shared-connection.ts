import type { Connection, RequestName, Requests, SqliteBackend } from './requests.ts';

type Shared = { connecting: Promise<Connection>; users: number; pending: Set<Promise<unknown>> };

/** What is open in this thread, by backend and database: collections of one database share it. */
const open = new Map<string, Shared>();
/** A database that closes must be closed before it is opened again. */
const closing = new Map<string, Promise<void>>();

/** One user's hold on a connection. */
export class SharedConnection {
  readonly #key: string;
  readonly #shared: Shared;

  constructor(backend: SqliteBackend, databaseName: string) {
    this.#key = `${backend.key} ${databaseName}`;
    let shared = open.get(this.#key);
    if (!shared) {
      const before = closing.get(this.#key) ?? Promise.resolve();
      shared = { connecting: before.then(() => backend.connect(databaseName)), users: 0, pending: new Set() };
      open.set(this.#key, shared);
    }
    shared.users += 1;
    this.#shared = shared;
  }

  async call<N extends RequestName>(name: N, parameters: Requests[N]['with']): Promise<Requests[N]['answer']> {
    const answering = this.#shared.connecting.then((connection) => connection.call(name, parameters));
    this.#shared.pending.add(answering);
    try {
      return await answering;
    } finally {
      this.#shared.pending.delete(answering);
    }
  }

  /** The last one closes the database, when all that was asked is answered. */
  async release(): Promise<void> {
    const shared = this.#shared;
    shared.users -= 1;
    if (shared.users > 0) return;
    open.delete(this.#key);
    const closed = (async () => {
      await Promise.allSettled(shared.pending);
      const [connected] = await Promise.allSettled([shared.connecting]);
      if (connected.status === 'fulfilled') await connected.value.close();
    })();
    closing.set(this.#key, closed);
    await closed;
    if (closing.get(this.#key) === closed) closing.delete(this.#key);
  }
}
