import type { AnyStorage } from '../../db/open-database.ts';

/** A storage whose device can die: from a chosen write on nothing reaches it any more, until it is repaired. */
export class CrashingStorage {
  readonly storage: AnyStorage;
  /** Writes that still succeed. */
  writesLeft = Number.POSITIVE_INFINITY;
  writes = 0;

  /** @param options.keep - what was written in memory outlives the database that wrote it, as on a disk. */
  constructor(inner: AnyStorage, options: { keep?: boolean } = {}) {
    this.storage = Object.assign(Object.create(inner) as AnyStorage, {
      createStorageInstance: async (params: Parameters<AnyStorage['createStorageInstance']>[0]) => {
        // Storage in memory goes with its last user.
        if (options.keep) await inner.createStorageInstance(params);
        return this.#wrap(await inner.createStorageInstance(params));
      },
    });
  }

  repair(): void {
    this.writesLeft = Number.POSITIVE_INFINITY;
  }

  #wrap<TInstance extends object>(instance: TInstance): TInstance {
    return new Proxy(instance, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        if (property !== 'bulkWrite' && property !== 'cleanup') return value.bind(target);
        return async (...args: unknown[]) => {
          this.#spend();
          return value.apply(target, args);
        };
      },
    });
  }

  #spend(): void {
    if (this.writesLeft <= 0) throw new Error('the device is dead');
    this.writesLeft -= 1;
    this.writes += 1;
  }
}
