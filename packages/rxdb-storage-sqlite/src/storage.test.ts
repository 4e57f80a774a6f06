import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RxDBAttachmentsPlugin } from 'rxdb/plugins/attachments';
import { RxDBCleanupPlugin } from 'rxdb/plugins/cleanup';
import {
  addRxPlugin,
  createRxDatabase,
  type EventBulk,
  fillWithDefaultSettings,
  type RxDocumentData,
  type RxStorageChangeEvent,
  rxStorageInstanceToReplicationHandler,
} from 'rxdb/plugins/core';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { afterAll, describe, expect, test } from 'vitest';
import { openInstance } from '../test/instances.ts';
import { nodeFileBackend, openFile } from './backends/node-file.ts';
import { wasmMemoryBackend } from './backends/wasm-memory.ts';
import { StorageEngine } from './engine.ts';
import { getRxStorageSQLite } from './index.ts';
import { toWriteRow } from './instance.ts';

addRxPlugin(RxDBAttachmentsPlugin);
addRxPlugin(RxDBCleanupPlugin);
addRxPlugin(RxDBMigrationSchemaPlugin);

const folder = mkdtempSync(join(tmpdir(), 'rxdb-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const onFile = getRxStorageSQLite({ backend: nodeFileBackend({ folder }) });
const inMemory = getRxStorageSQLite({ backend: wasmMemoryBackend() });

type Note = { id: string; text: string };
const noteSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, text: { type: 'string', maxLength: 200 } },
  required: ['id', 'text'],
  indexes: ['text'],
} as const;
const filled = fillWithDefaultSettings<Note>(structuredClone(noteSchema) as never);
type NoteData = RxDocumentData<Note>;

function note(id: string, { rev = `1-${id}`, text = 'one', lwt = 1000, deleted = false } = {}): NoteData {
  return { id, text, _rev: rev, _deleted: deleted, _attachments: {}, _meta: { lwt } };
}

let names = 0;
const freshName = () => `test${names++}`;

describe.each([
  ['node:sqlite on a file', onFile],
  ['WASM in memory', inMemory],
])('%s', (_, storage) => {
  test('a write that expects another revision is refused and shows the document that is there', async () => {
    const instance = await openInstance(storage, filled);
    const first = note('a');
    await instance.bulkWrite([{ document: first }], 'test');
    const second = note('a', { rev: '2-a', text: 'two' });
    const { error } = await instance.bulkWrite(
      [{ document: second, previous: note('a', { rev: '1-other' }) }, { document: note('b') }],
      'test',
    );
    expect(error).toEqual([
      expect.objectContaining({ status: 409, isError: true, documentId: 'a', documentInDb: first, context: 'test' }),
    ]);
    expect((await instance.findDocumentsById(['a', 'b'], true)).map(({ _rev }) => _rev).sort()).toEqual(['1-a', '1-b']);
    await instance.remove();
  });

  test('the same document written twice is a conflict the second time', async () => {
    const instance = await openInstance(storage, filled);
    const [one, two] = await Promise.all([
      instance.bulkWrite([{ document: note('a') }], 'test'),
      instance.bulkWrite([{ document: note('a') }], 'test'),
    ]);
    expect([one.error.length, two.error.length]).toEqual([0, 1]);
    await instance.remove();
  });

  test('the change stream says what happened in the order of the writes', async () => {
    const instance = await openInstance(storage, filled);
    const bulks: EventBulk<RxStorageChangeEvent<NoteData>, unknown>[] = [];
    instance.changeStream().subscribe((bulk) => bulks.push(bulk as never));
    const [a1, a2, a3] = [
      note('a'),
      note('a', { rev: '2-a', lwt: 1001 }),
      note('a', { rev: '3-a', lwt: 1002, deleted: true }),
    ];
    await Promise.all([
      instance.bulkWrite([{ document: a1 }], 'x'),
      instance.bulkWrite([{ document: a2, previous: a1 }, { document: note('b', { lwt: 1001 }) }], 'y'),
      instance.bulkWrite([{ document: a3, previous: a2 }], 'z'),
    ]);
    expect(
      bulks.map(({ context, checkpoint, events }) => [
        context,
        checkpoint,
        events.map((e) => `${e.operation} ${e.documentId}`),
      ]),
    ).toEqual([
      ['x', { id: 'a', lwt: 1000 }, ['INSERT a']],
      ['y', { id: 'b', lwt: 1001 }, ['UPDATE a', 'INSERT b']],
      ['z', { id: 'a', lwt: 1002 }, ['DELETE a']],
    ]);
    await instance.remove();
  });

  test('changed documents come by time and id, each once, tombstones too', async () => {
    const instance = await openInstance(storage, filled);
    const documents = ['c', 'a', 'b', 'd'].map((id, at) => note(id, { lwt: 1000 + (at >> 1), deleted: id === 'b' }));
    await instance.bulkWrite(
      documents.map((document) => ({ document })),
      'test',
    );
    const seen: string[] = [];
    let checkpoint: unknown;
    for (;;) {
      const page = await instance.getChangedDocumentsSince?.(3, checkpoint as never);
      if (!page || page.documents.length === 0) break;
      seen.push(...page.documents.map(({ id }) => id));
      checkpoint = page.checkpoint;
    }
    expect(seen).toEqual(['a', 'c', 'b', 'd']);
    await instance.remove();
  });

  test('cleanup forgets old tombstones and nothing else', async () => {
    const instance = await openInstance(storage, filled);
    const now = Date.now();
    const documents = [note('old', { deleted: true }), note('new', { deleted: true, lwt: now }), note('alive')];
    await instance.bulkWrite(
      documents.map((document) => ({ document })),
      'test',
    );
    expect(await instance.cleanup(60_000)).toBe(true);
    expect((await instance.findDocumentsById(['old', 'new', 'alive'], true)).map(({ id }) => id).sort()).toEqual([
      'alive',
      'new',
    ]);
    await instance.remove();
  });

  test('after close every call is refused', async () => {
    const instance = await openInstance(storage, filled);
    await instance.close();
    await instance.close();
    await expect(instance.findDocumentsById(['a'], false)).rejects.toThrow('closed');
    expect(() => instance.changeStream()).toThrow('closed');
  });

  test('a real database: inserts, changes, live queries, counts, attachments, removal', async () => {
    const database = await createRxDatabase({ name: freshName(), storage });
    const { notes } = await database.addCollections({ notes: { schema: { ...noteSchema, attachments: {} } } });
    await notes.bulkInsert(Array.from({ length: 50 }, (_, at) => ({ id: `n${at}`, text: `text ${at % 5}` })));
    expect(await notes.count({ selector: { text: 'text 3' } }).exec()).toBe(10);
    const seen: number[] = [];
    const live = notes.find({ selector: { text: 'changed' } });
    const subscription = live.$.subscribe((found) => seen.push(found.length));
    const one = await notes.findOne('n7').exec();
    await one.patch({ text: 'changed' });
    await notes.findOne('n8').incrementalPatch({ text: 'changed' });
    await expect.poll(() => seen.at(-1)).toBe(2);
    subscription.unsubscribe();

    const data = new Blob(['hello'], { type: 'text/plain' });
    const attachment = await one.getLatest().putAttachment({ id: 'file', data, type: 'text/plain' });
    expect(await attachment.getStringData()).toBe('hello');
    await one.getLatest().remove();
    expect(await notes.findOne('n7').exec()).toBe(null);
    await database.remove();
  });

  test('replication between two of our databases: conflicts are resolved, tombstones travel', async () => {
    const [master, fork] = await Promise.all(
      [0, 1].map(async () => {
        const database = await createRxDatabase({ name: freshName(), storage });
        const { notes } = await database.addCollections({ notes: { schema: noteSchema } });
        return { database, notes };
      }),
    );
    if (!master || !fork) throw new Error('both are there');
    const handler = rxStorageInstanceToReplicationHandler<Note, unknown>(
      master.notes.storageInstance,
      master.notes.conflictHandler,
      master.database.token,
    );
    await master.notes.bulkInsert([
      { id: 'a', text: 'master' },
      { id: 'b', text: 'master' },
    ]);
    await fork.notes.bulkInsert([
      { id: 'b', text: 'fork' },
      { id: 'c', text: 'fork' },
    ]);
    const replication = replicateRxCollection<Note, unknown>({
      replicationIdentifier: 'test',
      collection: fork.notes,
      live: true,
      pull: { handler: (checkpoint, size) => handler.masterChangesSince(checkpoint, size) as never },
      push: { handler: (rows) => handler.masterWrite(rows as never) as never },
    });
    await replication.awaitInitialReplication();
    await (await master.notes.findOne('a').exec()).remove();
    await replication.reSync();
    await replication.awaitInSync();
    const contents = async ({ notes }: typeof master) =>
      (await notes.find().exec()).map(({ id, text }: Note) => `${id} ${text}`).sort();
    const there = await contents(master);
    expect(there.map((line) => line[0])).toEqual(['b', 'c']);
    await expect.poll(() => contents(fork)).toEqual(there);
    await replication.cancel();
    await Promise.all([master.database.remove(), fork.database.remove()]);
  });
});

test('what was written on a file is there when it is opened again, migrations included', async () => {
  const name = freshName();
  const first = await createRxDatabase({ name, storage: onFile });
  await first.addCollections({ notes: { schema: noteSchema } });
  await first.collections.notes?.insert({ id: 'a', text: '信风😀' });
  await first.close();
  const second = await createRxDatabase({ name, storage: onFile });
  const { notes } = await second.addCollections({
    notes: {
      schema: { ...noteSchema, version: 1 },
      migrationStrategies: { 1: (old: Note) => ({ ...old, text: `${old.text}!` }) },
    },
  });
  expect((await notes.findOne('a').exec()).text).toBe('信风😀!');
  await second.remove();
});

test('other indexes under the same version are built from the documents', async () => {
  const databaseName = freshName();
  const before = await openInstance(onFile, filled, { databaseName });
  await before.bulkWrite([{ document: note('a') }, { document: note('b', { text: 'two' }) }], 'test');
  await before.close();
  const more = { ...filled, indexes: [...(filled.indexes ?? []), ['text', '_deleted', 'id']] };
  const after = await openInstance(onFile, more, { databaseName });
  expect((await after.findDocumentsById(['a', 'b'], false)).length).toBe(2);
  await after.remove();
});

test('a write sent again counts as done where exactly it is there, and only there', async () => {
  const engine = new StorageEngine(openFile(join(folder, 'again.sqlite'), 'normal'));
  const no = engine.handle('open', { collection: 'notes', schema: filled as never });
  const rows = ['a', 'b'].map((id) => toWriteRow(filled as never, { document: note(id) as never }));
  expect(engine.handle('write', { no, rows })).toEqual([{ before: false }, { before: false }]);
  expect(engine.handle('write', { no, rows, again: true })).toEqual([{ before: false }, { before: false }]);
  expect(engine.handle('write', { no, rows })).toEqual(rows.map(({ body }) => ({ other: body })));
  const changed = toWriteRow(filled as never, { document: note('a', { text: 'not the same' }) as never });
  expect(engine.handle('write', { no, rows: [changed], again: true })).toEqual([{ other: rows[0]?.body }]);
  engine.close();
});
