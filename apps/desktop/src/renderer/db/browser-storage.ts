import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import type { AnyStorage } from './open-database.ts';

/** IndexedDB for the replica: the browser may write behind, a lost tail is pulled again. */
export function createReplicaStorage(): AnyStorage {
  return getRxStorageDexie();
}

/** IndexedDB for commands and drafts: each transaction is on the disk before it is reported done. */
export function createOwnStorage(): AnyStorage {
  return getRxStorageDexie({ chromeTransactionDurability: 'strict' });
}
