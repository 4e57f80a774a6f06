import type { RxStorage, RxStorageInstance } from 'rxdb';
import type { SimProcess } from './sim-process.ts';

// biome-ignore lint/suspicious/noExplicitAny: a storage of any kind of documents
export type Instance = RxStorageInstance<any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
type Storage = RxStorage<any, any>;

/**
 * A device's disk as one process on it sees it: a write waits for its turn, and what a dead process still writes never
 * arrives.
 */
export function storageFor(owner: SimProcess, disk: Storage, opened: Map<string, Instance>): Storage {
  return {
    ...disk,
    createStorageInstance: async (params) => {
      const instance: Instance = await disk.createStorageInstance(params);
      opened.set(params.collectionName, instance);
      return new Proxy(instance, {
        get(target, property) {
          if (property === 'bulkWrite') return (rows: never, context: string) => write(owner, target, rows, context);
          if (property === 'cleanup') return (ms: number) => (owner.alive ? target.cleanup(ms) : Promise.resolve(true));
          const value = Reflect.get(target, property) as unknown;
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}

function write(owner: SimProcess, disk: Instance, rows: never, context: string): Promise<unknown> {
  const { scheduler } = owner.world;
  if (!owner.alive) return Promise.resolve({ error: [] });
  if (!owner.world.disksAreSlow) return disk.bulkWrite(rows, context);
  return new Promise((resolve, reject) => {
    // A write under way when the process dies is lost with it, and the dead process is not left waiting.
    owner.onDeath(() => resolve({ error: [] }));
    scheduler.add({
      owner,
      kind: 'store',
      label: context,
      run: () => owner.run(() => void disk.bulkWrite(rows, context).then(resolve, reject)),
    });
  });
}
