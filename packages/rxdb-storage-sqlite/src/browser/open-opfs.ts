import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import { wrapWasm } from '../backends/wasm.ts';
import type { Sqlite } from '../sqlite.ts';
import type { Start } from './messages.ts';

const OPEN_PATIENCE_MS = 2000;
const OPEN_PAUSE_MS = 25;

/** Why this browser cannot keep a database in OPFS, or null. Only a worker can tell. */
export async function findObstacle(): Promise<string | null> {
  if (!isSecureContext) return 'the page is not a secure context: OPFS needs https or localhost';
  if (!navigator.locks) return 'the browser has no Web Locks';
  if (!globalThis.FileSystemFileHandle || !('createSyncAccessHandle' in FileSystemFileHandle.prototype)) {
    return 'the browser has no OPFS with synchronous access';
  }
  try {
    await navigator.storage.getDirectory();
    return null;
  } catch (error) {
    return `OPFS is not open to this page: ${error instanceof Error ? error.message : String(error)}`;
  }
}

let loading: ReturnType<typeof sqlite3InitModule> | undefined;

/** Every worker loads SQLite at once: taking over is then only opening. */
export function loadSqlite(): ReturnType<typeof sqlite3InitModule> {
  loading ??= sqlite3InitModule();
  return loading;
}

/** Opens the database in a pool of its own. The handles of an owner that died may be free a moment later only. */
export async function openOpfs({ name, durability }: Start): Promise<Sqlite> {
  const sqlite3 = await loadSqlite();
  const options = {
    name,
    directory: `/rxdb-storage-sqlite/${encodeURIComponent(name)}`,
    initialCapacity: 6,
    // Without it a pool whose handles are still taken would be wiped.
    preserveOnInitFailure: true,
    forceReinitIfPreviouslyFailed: true, // missing in the types of 3.54.1
  };
  const startedAt = performance.now();
  for (;;) {
    try {
      const pool = await sqlite3.installOpfsSAHPoolVfs(options);
      const db = new pool.OpfsSAHPoolDb('/main.sqlite');
      db.exec(
        `PRAGMA page_size=16384; PRAGMA locking_mode=exclusive; PRAGMA journal_mode=WAL; PRAGMA synchronous=${durability}; PRAGMA cache_size=-32000`,
      );
      return wrapWasm(db);
    } catch (error) {
      if (performance.now() - startedAt > OPEN_PATIENCE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, OPEN_PAUSE_MS));
    }
  }
}
