import { StorageEngine } from './engine.ts';
import type { Connection, RequestName, Requests } from './requests.ts';
import type { Sqlite } from './sqlite.ts';

/** A database of this thread. */
export function connectInProcess(db: Sqlite): Connection {
  const engine = new StorageEngine(db);
  return {
    async call<N extends RequestName>(name: N, parameters: Requests[N]['with']) {
      return engine.handle(name, parameters);
    },
    async close() {
      engine.close();
    },
  };
}
