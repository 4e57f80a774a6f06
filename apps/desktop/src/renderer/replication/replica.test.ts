import { commandDocSchema } from '@tradewind/shared/protocol/commands';
import { conversationSchema } from '@tradewind/shared/schemas/conversation';
import { customerSchema } from '@tradewind/shared/schemas/customer';
import { directorySchema } from '@tradewind/shared/schemas/directory';
import { messageSchema } from '@tradewind/shared/schemas/message';
import { orderSchema } from '@tradewind/shared/schemas/order';
import {
  buildAgent,
  buildChange,
  buildCheckpoint,
  buildCommandDoc,
  buildConversation,
  buildCustomer,
  buildDeletion,
  buildMessage,
  buildOrder,
} from '@tradewind/shared/testing/builders';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { queryAllDocs } from '../db/live-set.ts';
import type { AnyStorage } from '../db/open-database.ts';
import { openTestReplica } from './testing/open-replica.ts';

const storages: [string, () => AnyStorage][] = [
  ['memory', () => getRxStorageMemory()],
  ['IndexedDB', () => getRxStorageDexie({ indexedDB: new IDBFactory(), IDBKeyRange })],
];

function batch(seq: number) {
  return { checkpoint: buildCheckpoint(seq), accessVersion: 1, clockOffsetMs: 0 };
}

async function openForTest(storage: AnyStorage, name?: string) {
  const opened = await openTestReplica(storage, name);
  onTestFinished(() => opened.close());
  return opened;
}

describe.each(storages)('replica on %s', (_name, createStorage) => {
  test('every document comes back as the server sent it, unknown fields included', async () => {
    const { replica, collections } = await openForTest(createStorage());
    const customer = { ...buildCustomer(), fieldOfALaterVersion: { deep: [1, null, 'x'] } };
    const docs = [
      ['customer', 'customers', customerSchema, customer],
      ['conversation', 'conversations', conversationSchema, buildConversation()],
      ['message', 'messages', messageSchema, buildMessage()],
      ['order', 'orders', orderSchema, buildOrder({ customerId: null })],
      ['directory', 'directory', directorySchema, buildAgent()],
      ['command', 'commands', commandDocSchema, buildCommandDoc()],
    ] as const;
    await replica.applyChanges(
      docs.map(([collection, , , doc], index) => buildChange(collection, index + 1, doc)),
      batch(docs.length),
    );
    for (const [, local, schema, doc] of docs) {
      const [stored] = await queryAllDocs(collections[local] as typeof collections.customers);
      expect(stored).toMatchObject(doc);
      expect(schema.parse(stored)).toEqual(schema.parse(doc));
    }
    expect(replica.position).toMatchObject({ seq: docs.length, accessVersion: 1 });
  });

  test('[R6] rule (a): a document is written only if its seq is greater than the stored one', async () => {
    const storage = createStorage();
    const { replica, collections } = await openForTest(storage);
    await replica.applyChanges([buildChange('customer', 10, buildCustomer({ name: 'new' }))], batch(5));
    await replica.applyChanges([buildChange('customer', 8, buildCustomer({ name: 'old' }))], batch(6));
    await replica.applyChanges([buildChange('customer', 10, buildCustomer({ name: 'same place' }))], batch(7));
    expect((await queryAllDocs(collections.customers)).map(({ name }) => name)).toEqual(['new']);
    await replica.applyChanges([buildChange('customer', 11, buildCustomer({ name: 'newest' }))], batch(11));
    expect((await queryAllDocs(collections.customers)).map(({ name }) => name)).toEqual(['newest']);
  });

  test('[R6] the newest of several changes to one document wins, in whatever order a batch holds them', async () => {
    const { replica, collections } = await openForTest(createStorage());
    await replica.applyChanges(
      [3, 5, 4].map((seq) => buildChange('customer', seq, buildCustomer({ name: `at ${seq}` }))),
      batch(5),
    );
    expect((await queryAllDocs(collections.customers)).map(({ name }) => name)).toEqual(['at 5']);
  });

  test('a removed document leaves no content behind, and an older change does not bring it back', async () => {
    const { replica, collections } = await openForTest(createStorage());
    await replica.readWholeLog(); // no part of the snapshot is on its way
    await replica.applyChanges([buildChange('message', 3, buildMessage({ text: 'secret' }))], batch(3));
    await replica.applyChanges([buildDeletion('message', 9, 'message-1'), buildDeletion('message', 8, 'x')], batch(4));
    await replica.applyChanges([buildChange('message', 7, buildMessage())], batch(7));
    expect(await queryAllDocs(collections.messages)).toEqual([]);
    const [left, ...more] = await collections.messages.storageInstance.findDocumentsById(['message-1', 'x'], true);
    expect(JSON.stringify(left)).not.toContain('secret');
    expect(more).toEqual([]);
    await replica.applyChanges([buildChange('message', 12, buildMessage({ text: 'back' }))], batch(12));
    expect((await queryAllDocs(collections.messages)).map(({ text }) => text)).toEqual(['back']);
  });

  test('[R6] after a renewal exactly what the new pull brought is left, whatever its seq', async () => {
    const { replica, collections } = await openForTest(createStorage());
    await replica.applyChanges(
      [
        buildChange('customer', 100, buildCustomer({ id: 'kept', name: 'before' })),
        buildChange('customer', 101, buildCustomer({ id: 'gone' })),
        buildChange('message', 102, buildMessage()),
      ],
      batch(102),
    );
    await replica.beginRenewal();
    await replica.readWholeLog();
    expect(await queryAllDocs(collections.customers)).toHaveLength(2);
    await replica.applyChanges([buildChange('customer', 4, buildCustomer({ id: 'kept', name: 'restored' }))], batch(4));
    await replica.settleAtHead();
    expect((await queryAllDocs(collections.customers)).map(({ name }) => name)).toEqual(['restored']);
    expect(await queryAllDocs(collections.messages)).toEqual([]);
    expect(replica.position).toMatchObject({ seq: 4, renewing: false });
  });
});

test('[R6] killed between documents and checkpoint, the same page changes nothing the second time', async () => {
  const storage = getRxStorageDexie({ indexedDB: new IDBFactory(), IDBKeyRange });
  const page = [
    buildChange('customer', 1, buildCustomer({ id: 'a' })),
    buildChange('customer', 2, buildCustomer({ id: 'b' })),
    buildDeletion('customer', 3, 'c'),
  ];
  const before = await openTestReplica(storage, 'crash');
  await before.replica.applyChanges([buildChange('customer', 1, buildCustomer({ id: 'c' }))], batch(1));
  const checkpointBefore = before.replica.position;
  await before.replica.applyChanges(page.slice(1), batch(3));
  await before.collections.meta.incrementalUpsert(checkpointBefore); // as if the checkpoint had not been written
  await before.close();

  const after = await openForTest(storage, 'crash');
  expect(after.replica.position.seq).toBe(1);
  const written: string[] = [];
  after.collections.customers.eventBulks$.subscribe((bulk) => written.push(...bulk.events.map((e) => e.documentId)));
  await after.replica.applyChanges(page, batch(3));
  expect((await queryAllDocs(after.collections.customers)).map(({ id }) => id)).toEqual(['b']);
  expect(written).toEqual([]);
});
