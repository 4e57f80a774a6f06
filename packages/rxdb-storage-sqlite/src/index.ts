import {
  ensureRxStorageInstanceParamsAreCorrect,
  RXDB_VERSION,
  type RxStorage,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
} from 'rxdb/plugins/core';
import { createInstance, type SQLiteInstanceOptions, type SQLiteInternals } from './instance.ts';
import { NoStorageError, type SqliteBackend } from './requests.ts';
import { SharedConnection } from './shared-connection.ts';

export type RxStorageSQLite = RxStorage<SQLiteInternals, SQLiteInstanceOptions> & { readonly hasPersistence: boolean };

export type SQLiteStorageSettings = {
  backend: SqliteBackend;
  /** Takes over where the backend cannot work, such as RxDB's Dexie storage in a browser without OPFS. */
  fallback?: {
    storage: { createStorageInstance: RxStorage<unknown, never>['createStorageInstance'] };
    /** Told once for every database, with the reason. */
    onUse: (databaseName: string, reason: string) => void;
  };
};

/** The storage on the SQLite of `backend`; see README.md for which there are. */
export function getRxStorageSQLite({ backend, fallback }: SQLiteStorageSettings): RxStorageSQLite {
  const name = 'sqlite-own';
  const told = new Set<string>();
  return {
    name,
    rxdbVersion: RXDB_VERSION,
    hasPersistence: backend.hasPersistence,
    async createStorageInstance<T>(params: RxStorageInstanceCreationParams<T, SQLiteInstanceOptions>) {
      ensureRxStorageInstanceParamsAreCorrect(params);
      try {
        return await createInstance(name, params, new SharedConnection(backend, params.databaseName));
      } catch (error) {
        if (!fallback || !(error instanceof NoStorageError)) throw error;
        if (!told.has(params.databaseName)) fallback.onUse(params.databaseName, error.message);
        told.add(params.databaseName);
        const instance = await fallback.storage.createStorageInstance<T>(params as never);
        return instance as RxStorageInstance<T, SQLiteInternals, SQLiteInstanceOptions>;
      }
    },
  };
}
