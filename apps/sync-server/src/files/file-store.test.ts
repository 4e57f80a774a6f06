import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileStore } from './file-store.ts';

async function createStore(): Promise<FileStore> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-files-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return FileStore.open(folder);
}

const content = Buffer.from('invoice 🧾');
const sha256 = createHash('sha256').update(content).digest('hex');

test('a file is found by its hash, and stored once', async () => {
  const store = await createStore();
  const results = await Promise.all(Array.from({ length: 20 }, () => store.storeFile(content)));
  expect(new Set(results.map((one) => `${one.sha256} ${one.sizeBytes}`))).toEqual(
    new Set([`${sha256} ${content.length}`]),
  );
  expect(await readdir(store.folder)).toEqual([sha256]);
  expect(await store.readFile(sha256)).toEqual(content);
});

test('a file cut short by a crash is written again', async () => {
  const store = await createStore();
  await writeFile(join(store.folder, sha256), content.subarray(0, 3));
  await store.storeFile(content);
  expect(await store.readFile(sha256)).toEqual(content);
});

test('a name that is no hash reaches no file', async () => {
  const store = await createStore();
  await expect(store.readFile('../secret.key')).rejects.toThrow();
  expect(await store.findSize('../files')).toBeNull();
  expect(await store.findSize(sha256)).toBeNull();
});

test('an empty file is a file', async () => {
  const store = await createStore();
  const stored = await store.storeFile(Buffer.alloc(0));
  expect(await store.findSize(stored.sha256)).toBe(0);
});
