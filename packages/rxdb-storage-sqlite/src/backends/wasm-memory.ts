import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { connectInProcess } from '../in-process.ts';
import type { SqliteBackend } from '../requests.ts';
import { wrapWasm } from './wasm.ts';

let loading: ReturnType<typeof sqlite3InitModule> | undefined;

/** SQLite WASM in this thread's memory: what is written is gone when the last instance closes. For tests. */
export function wasmMemoryBackend(): SqliteBackend {
  return {
    key: 'memory',
    hasPersistence: false,
    async connect() {
      loading ??= sqlite3InitModule();
      const sqlite3 = await loading;
      return connectInProcess(wrapWasm(new sqlite3.oo1.DB(':memory:', 'c')));
    },
  };
}
