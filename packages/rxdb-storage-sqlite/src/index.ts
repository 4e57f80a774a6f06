import {
  ensureRxStorageInstanceParamsAreCorrect,
  RXDB_VERSION,
  type RxStorage,
  type RxStorageInstanceCreationParams,
} from 'rxdb/plugins/core';
import { createInstance, type SQLiteInstanceOptions, type SQLiteInternals } from './instance.ts';
import type { SqliteBackend } from './requests.ts';
import { SharedConnection } from './shared-connection.ts';

export type RxStorageSQLite = RxStorage<SQLiteInternals, SQLiteInstanceOptions> & { readonly hasPersistence: boolean };

/** The storage on the SQLite of `backend`; see README.md for which there are. */
export function getRxStorageSQLite({ backend }: { backend: SqliteBackend }): RxStorageSQLite {
  const name = 'sqlite-own';
  return {
    name,
    rxdbVersion: RXDB_VERSION,
    hasPersistence: backend.hasPersistence,
    createStorageInstance<T>(params: RxStorageInstanceCreationParams<T, SQLiteInstanceOptions>) {
      ensureRxStorageInstanceParamsAreCorrect(params);
      return createInstance(name, params, new SharedConnection(backend, params.databaseName));
    },
  };
}
