import { normalizeMangoQuery, prepareQuery, type RxStorageInstance } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { opfsBackend } from '../../src/browser/index.ts';
import { getRxStorageSQLite } from '../../src/index.ts';
import { openInstance } from '../../test/instances.ts';
import { buildQuery, buildThing, Random, schema, type Thing } from '../../test/random-queries.ts';

const fallbacks: string[] = [];
const storage = getRxStorageSQLite({
  backend: opfsBackend({
    createWorker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    namespace: 'e2e',
  }),
  fallback: {
    storage: getRxStorageDexie() as never,
    onUse: (name, reason) => fallbacks.push(`${name}: ${reason}`),
  },
});

type Instance = RxStorageInstance<
  Thing,
  { connection: { call(name: string, with_: object): Promise<string> } },
  unknown
>;
let instance: Instance | undefined;

function opened(): Instance {
  if (!instance) throw new Error('open first');
  return instance;
}

const page = {
  fallbacks,
  async open(databaseName: string): Promise<void> {
    instance = (await openInstance(storage, schema, { databaseName })) as never;
  },
  close: () => opened().close(),
  /** Documents `from` to `from + count`, all or none; resolves when they are acknowledged. */
  async write(from: number, count: number, padding = 0): Promise<number> {
    const random = new Random(from);
    const documents = Array.from({ length: count }, (_, at) => ({
      ...buildThing(random, `t${String(from + at).padStart(9, '0')}`, at),
      _deleted: false,
      padding: 'x'.repeat(padding),
    }));
    const { error } = await opened().bulkWrite(
      documents.map((document) => ({ document })),
      'e2e',
    );
    return error.length;
  },
  async count(): Promise<number> {
    const query = { selector: { _deleted: { $eq: false } } } as never;
    return (await opened().count(prepareQuery(schema, normalizeMangoQuery(schema, query)))).count;
  },
  async has(ids: string[]): Promise<number> {
    return (await opened().findDocumentsById(ids, true)).length;
  },
  cleanAll: () => opened().remove(),
  check: () => opened().internals.connection.call('check', {}),
  /** The first query whose result differs from the memory storage's. */
  async compare(seed: number, queries: number): Promise<string | null> {
    const random = new Random(seed);
    const ids = Array.from({ length: 120 }, (_, at) => `${random.of(['a', 'b', '😀', '！'])}${at}`);
    const writes = ids.map((id, at) => ({ document: buildThing(random, id, at) }));
    const memory = await openInstance(getRxStorageMemory(), schema);
    await Promise.all([opened().bulkWrite(writes, 'e2e'), memory.bulkWrite(writes, 'e2e')]);
    for (let n = 0; n < queries; n++) {
      const query = buildQuery(random, ids, { nulls: false });
      const prepared = prepareQuery(schema, normalizeMangoQuery(schema, query));
      const [mine, theirs] = await Promise.all([opened().query(prepared), memory.query(prepared)]);
      if (JSON.stringify(mine.documents) !== JSON.stringify(theirs.documents)) return JSON.stringify(query);
    }
    return null;
  },
};
Object.assign(globalThis, { page });
export type Page = typeof page;
