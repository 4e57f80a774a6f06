import { createUuidV7 } from '@tradewind/shared/ids';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { type AnyStorage, openReplicaDatabase } from '../../db/open-database.ts';
import { createReplica } from '../replica.ts';

/** A replica in memory, for tests and benchmarks in Node. */
export async function openTestReplica(storage: AnyStorage = getRxStorageMemory(), name: string = createUuidV7()) {
  const database = await openReplicaDatabase({ storage, name, multiInstance: false });
  const replica = await createReplica(database.collections);
  return {
    replica,
    collections: database.collections,
    async close() {
      await replica.close();
      await database.close();
    },
  };
}
