import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  getQueryMatcher,
  getSortComparator,
  normalizeMangoQuery,
  prepareQuery,
  type RxDocumentData,
} from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, describe, expect, test } from 'vitest';
import { openInstance } from '../test/instances.ts';
import { buildQuery, buildThing, Random, schema, type Thing } from '../test/random-queries.ts';
import { nodeFileBackend } from './backends/node-file.ts';
import { wasmMemoryBackend } from './backends/wasm-memory.ts';
import { getRxStorageSQLite, type RxStorageSQLite } from './index.ts';

/** Five and more for the long run; each is 300 queries. */
const SEEDS = Number(process.env.EQUIVALENCE_SEEDS ?? 2);
const folder = mkdtempSync(join(tmpdir(), 'rxdb-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const storages = {
  'node:sqlite on a file': getRxStorageSQLite({ backend: nodeFileBackend({ folder }) }),
  'WASM in memory': getRxStorageSQLite({ backend: wasmMemoryBackend() }),
};
type Document = RxDocumentData<Thing>;

function buildWorld(seed: number) {
  const random = new Random(seed);
  const ids = Array.from({ length: 120 }, (_, at) => `${random.of(['a', 'b', 'ä', '😀', '！'])}${at}`);
  return { random, ids, documents: ids.map((id, at) => buildThing(random, id, at)) };
}

const write = (documents: Document[]) => documents.map((document) => ({ document }));

/** What Mango says without any index. */
function scan(documents: Document[], prepared: ReturnType<typeof prepareQuery<Thing>>): Document[] {
  const { query } = prepared;
  const matches = getQueryMatcher(schema, query);
  const found = documents.filter((document) => matches(document)).sort(getSortComparator(schema, query));
  return found.slice(query.skip, query.skip + (query.limit ?? found.length));
}

describe.each(Object.entries(storages))('%s', (_, storage) => {
  test('random queries give what the memory storage gives, in the same order', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { random, ids, documents } = buildWorld(seed);
      const ours = await openInstance(storage, schema);
      const memory = await openInstance(getRxStorageMemory(), schema);
      await Promise.all([ours.bulkWrite(write(documents), 'test'), memory.bulkWrite(write(documents), 'test')]);
      for (let n = 0; n < 300; n++) {
        // A range bound of null: the memory storage trusts its index there, Mango says that nothing lies beyond.
        const query = buildQuery(random, ids, { nulls: false });
        const prepared = prepareQuery(schema, normalizeMangoQuery(schema, query));
        const [mine, theirs] = await Promise.all([ours.query(prepared), memory.query(prepared)]);
        const asked = `seed ${seed}, query ${n}: ${JSON.stringify(query)}`;
        expect(
          mine.documents.map(({ id }) => id),
          asked,
        ).toEqual(theirs.documents.map(({ id }) => id));
        expect(mine.documents, asked).toEqual(theirs.documents);
        const [count, other] = await Promise.all([ours.count(prepared), memory.count(prepared)]);
        expect(count.count, asked).toBe(other.count);
      }
      await Promise.all([ours.remove(), memory.remove()]);
    }
  });

  test('documents that are not what their schema says are found all the same', async () => {
    const { random, ids, documents } = buildWorld(77);
    const bent = documents.map((document) => {
      const copy: Record<string, unknown> = { ...document };
      if (random.chance(0.2)) copy.name = random.of<unknown>([null, 3, true, ['a', 'b'], { a: 1 }]);
      if (random.chance(0.2)) copy.at = random.of<unknown>([null, [{ place: 'a' }], 'b']);
      if (random.chance(0.2)) copy.rank = random.of<unknown>(['2', null]);
      return copy as unknown as Document;
    });
    await compareWithScan(storage, bent, random, ids);
  });

  test('an indexed field that is missing sorts first and matches as Mango says', async () => {
    const { random, ids, documents } = buildWorld(78);
    const bare = documents.map((document) => {
      const copy: Partial<Document> = { ...document };
      if (random.chance(0.3)) delete copy.name;
      if (random.chance(0.3)) delete copy.rank;
      return copy as Document;
    });
    await compareWithScan(storage, bare, random, ids);
  });
});

async function compareWithScan(storage: RxStorageSQLite, documents: Document[], random: Random, ids: string[]) {
  const instance = await openInstance(storage, schema);
  await instance.bulkWrite(write(documents), 'test');
  for (let n = 0; n < 300; n++) {
    const query = buildQuery(random, ids);
    const prepared = prepareQuery(schema, normalizeMangoQuery(schema, query));
    const { documents: found } = await instance.query(prepared);
    const asked = `query ${n}: ${JSON.stringify(query)}`;
    expect(
      found.map(({ id }) => id),
      asked,
    ).toEqual(scan(documents, prepared).map(({ id }) => id));
  }
  await instance.remove();
}
