import { type Connection, NoStorageError, type RequestName, type Requests, type SqliteBackend } from '../requests.ts';
import type { Durability } from '../sqlite.ts';
import type { ToWindow, ToWorker } from './messages.ts';

export type OpfsOptions = {
  /** `() => new Worker(new URL('./storage-worker.ts', import.meta.url), { type: 'module' })` */
  createWorker: () => Worker;
  /** Goes into the names of locks, channels and folders: databases of two namespaces never meet. */
  namespace?: string;
  durability?: Durability;
};

/** Databases in the origin's private file system, each with a worker per window and one owner among them. */
export function opfsBackend({ createWorker, namespace = '', durability = 'normal' }: OpfsOptions): SqliteBackend {
  return {
    key: `opfs:${namespace}`,
    hasPersistence: true,
    async connect(databaseName) {
      const worker = new WorkerConnection(createWorker());
      await worker.start({ name: `rxdb-sqlite:${namespace}:${databaseName}`, durability });
      return worker;
    },
  };
}

type Waiting = { resolve: (answer: never) => void; reject: (error: Error) => void };

class WorkerConnection implements Connection {
  readonly #worker: Worker;
  readonly #waiting = new Map<string, Waiting>();
  readonly #started = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<ToWindow>) => this.#hear(data);
    worker.onerror = ({ message }) => this.#fail(new Error(`the storage worker failed: ${message}`));
  }

  async start(start: { name: string; durability: Durability }): Promise<void> {
    this.#tell({ start });
    try {
      await this.#started.promise;
    } catch (error) {
      this.#worker.terminate();
      throw error;
    }
  }

  call<N extends RequestName>(name: N, parameters: Requests[N]['with']): Promise<Requests[N]['answer']> {
    const id = crypto.randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<Requests[N]['answer']>();
    this.#waiting.set(id, { resolve, reject });
    this.#tell({ request: { id, name, parameters } } as ToWorker);
    return promise;
  }

  async close(): Promise<void> {
    this.#tell({ end: true });
    await this.#ended.promise;
    this.#worker.terminate();
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: ToWindow): void {
    if ('ready' in message) this.#started.resolve();
    else if ('obstacle' in message) this.#started.reject(new NoStorageError(message.obstacle));
    else if ('ended' in message) this.#ended.resolve();
    else {
      const { reply } = message;
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('error' in reply) waiting?.reject(Object.assign(new Error(reply.error.message), { name: reply.error.name }));
      else waiting?.resolve(reply.answer as never);
    }
  }

  #fail(error: Error): void {
    this.#started.reject(error);
    this.#ended.resolve();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
