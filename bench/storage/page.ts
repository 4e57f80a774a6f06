import {
  createRxDatabase,
  type MangoQuery,
  normalizeMangoQuery,
  prepareQuery,
  type RxCollection,
  type RxDatabase,
  type RxJsonSchema,
  type RxStorage,
} from 'rxdb/plugins/core';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageSQLite } from 'rxdb-storage-sqlite';
import { opfsBackend } from 'rxdb-storage-sqlite/browser';
import {
  type Conversation,
  conversationAt,
  conversationSchema,
  type Message,
  messageAt,
  messageSchema,
  toId,
  toStored,
} from './documents.ts';

const BATCH = 2000;
const storages = {
  sqlite: getRxStorageSQLite({
    backend: opfsBackend({
      createWorker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    }),
  }) as unknown as RxStorage<unknown, unknown>,
  dexie: getRxStorageDexie() as unknown as RxStorage<unknown, unknown>,
};
export type Kind = keyof typeof storages;

let database: RxDatabase | undefined;
let messages: RxCollection<Message>;
let conversations: RxCollection<Conversation>;

function batches(count: number): number[][] {
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, page) =>
    Array.from({ length: Math.min(BATCH, count - page * BATCH) }, (_, at) => page * BATCH + at),
  );
}

/** RxDB's way: pull and push, pages of the same size. */
async function replicate(count: number): Promise<void> {
  const replication = replicateRxCollection<Message, { from: number }>({
    replicationIdentifier: 'bench',
    collection: messages,
    live: false,
    pull: {
      batchSize: BATCH,
      handler: async (checkpoint, size) => {
        const from = checkpoint?.from ?? 0;
        const length = Math.min(size, count - from);
        const documents = Array.from({ length }, (_, at) => ({ ...messageAt(from + at), _deleted: false }));
        return { documents, checkpoint: { from: from + length } };
      },
    },
    push: { handler: async () => [] },
  });
  await replication.awaitInitialReplication();
}

async function expectMessages(count: number): Promise<void> {
  const { prepared, instance } = await query(messages, { selector: {} });
  const there = (await instance.count(prepared as never)).count;
  if (there !== count) throw new Error(`${there} of ${count} messages were written`);
}

async function query<T>(collection: RxCollection<T>, mango: MangoQuery<T>) {
  const schema = collection.storageInstance.schema as never;
  const selector = { ...mango.selector, _deleted: { $eq: false } };
  const prepared = prepareQuery(schema, normalizeMangoQuery(schema, { ...mango, selector } as never));
  return { prepared, instance: collection.storageInstance };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const QUERIES: Record<string, () => Promise<number>> = {
  'list newest first': () => found(conversations, { selector: {}, sort: [{ lastMessageAt: 'desc' }], limit: 50 }),
  'list by inverted key': () => found(conversations, { selector: {}, sort: [{ inverted: 'asc' }], limit: 50 }),
  'open a thread': () => found(messages, { selector: { conversationId: { $eq: 'c77' } }, sort: [{ sentAt: 'asc' }] }),
  'count by status': async () => {
    const { prepared, instance } = await query(conversations, { selector: { status: { $eq: 'open' } } });
    return (await instance.count(prepared as never)).count;
  },
  'find 50 by ids': async () =>
    (
      await messages.storageInstance.findDocumentsById(
        Array.from({ length: 50 }, (_, at) => toId(at * 37)),
        false,
      )
    ).length,
};

async function found<T>(collection: RxCollection<T>, mango: MangoQuery<T>): Promise<number> {
  const { prepared, instance } = await query(collection, mango);
  return (await instance.query(prepared as never)).documents.length;
}

const bench = {
  async open(kind: Kind, name: string): Promise<void> {
    database = await createRxDatabase({ name, storage: storages[kind], multiInstance: false });
    const collections = await database.addCollections({
      messages: { schema: messageSchema as RxJsonSchema<unknown> },
      conversations: { schema: conversationSchema as RxJsonSchema<unknown> },
    });
    messages = collections.messages as never;
    conversations = collections.conversations as never;
  },
  remove: async () => void (await database?.remove()),
  /** Milliseconds for `count` messages; `own` writes pages straight into the storage, as the console's pull does. */
  sync: (way: 'own' | 'replication', count: number) =>
    timed(async () => {
      if (way === 'replication') {
        await replicate(count);
        await expectMessages(count);
        return;
      }
      for (const page of batches(count)) {
        const rows = page.map((at) => ({ document: toStored(messageAt(at), 1000 + at) }));
        const { error } = await messages.storageInstance.bulkWrite(rows as never, 'bench');
        if (error.length > 0) throw new Error('conflict');
      }
    }),
  async fillConversations(count: number): Promise<void> {
    for (const page of batches(count)) {
      const rows = page.map((at) => ({ document: toStored(conversationAt(at), 1000 + at) }));
      await conversations.storageInstance.bulkWrite(rows as never, 'bench');
    }
  },
  names: () => Object.keys(QUERIES),
  /** Milliseconds of each of `times` runs, and how many were found. */
  async ask(name: string, times: number): Promise<{ ms: number[]; found: number }> {
    const ask = QUERIES[name];
    if (!ask) throw new Error(name);
    let count = await ask();
    const ms: number[] = [];
    for (let n = 0; n < times; n++) {
      ms.push(
        await timed(async () => {
          count = await ask();
        }),
      );
    }
    return { ms, found: count };
  },
};
Object.assign(globalThis, { bench });
export type Bench = typeof bench;
