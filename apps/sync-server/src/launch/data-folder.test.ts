import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findDataFolder, openDataFolder, UNFINISHED } from './data-folder.ts';

const isRoot = process.getuid?.() === 0;

let folder: string;
let said: string[];
const say = (line: string) => said.push(line);

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'tradewind-data-')));
  await chmod(folder, 0o755);
  said = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function choose(mode: 'demo' | 'desk', dataDir: string | null) {
  return { mode, dataDir, databaseUrl: null };
}

function places() {
  return { checkout: folder, system: join(folder, 'system') };
}

test('a new folder is made, marked, and opens again in its mode', async () => {
  const dataDir = join(folder, 'a', 'b');
  expect(await openDataFolder(choose('demo', dataDir), say)).toBe(dataDir);
  expect(await openDataFolder(choose('demo', dataDir), say)).toBe(dataDir);
});

test('the other mode is refused by name', async () => {
  const demo = await openDataFolder(choose('demo', join(folder, 'demo')), say);
  const desk = await openDataFolder(choose('desk', join(folder, 'desk')), say);
  await expect(openDataFolder(choose('desk', demo), say)).rejects.toThrow(
    `The data folder ${demo} belongs to the demo: start it without --no-demo, or choose another folder with --data DIR.`,
  );
  await expect(openDataFolder(choose('demo', desk), say)).rejects.toThrow(
    `The data folder ${desk} belongs to a real desk: start it with --no-demo, or choose another folder with --data DIR.`,
  );
});

test('a folder of other files is left alone', async () => {
  await writeFile(join(folder, 'thesis.txt'), 'mine');
  await expect(openDataFolder(choose('demo', folder), say)).rejects.toThrow(/holds other files \(thesis\.txt\)/);
  expect(await readdir(folder)).toEqual(['thesis.txt']);
});

test('a file in the place of the folder is told as such', async () => {
  const path = join(folder, 'desk');
  await writeFile(path, 'mine');
  for (const dataDir of [path, join(path, 'below')]) {
    await expect(openDataFolder(choose('desk', dataDir), say)).rejects.toThrow(/is not a folder but a file: choose/);
  }
});

test('a folder that a restore did not finish is told as such', async () => {
  await writeFile(join(folder, UNFINISHED), '');
  await expect(openDataFolder(choose('desk', folder), say)).rejects.toThrow(
    /^A restore into .* did not finish: run it again/,
  );
});

test('a desk that is there is found: the given one, else a real desk before the demo; never made', async () => {
  await expect(findDataFolder(null, places())).rejects.toThrow('There is no desk in the usual places');
  await expect(findDataFolder(folder, places())).rejects.toThrow(`There is no desk in ${folder}: `);
  expect(await readdir(folder)).toEqual([]);
  const demo = await openDataFolder(choose('demo', join(folder, 'data', 'demo')), say);
  expect(await findDataFolder(null, places())).toEqual({ folder: demo, mode: 'demo' });
  const desk = await openDataFolder(choose('desk', join(folder, 'system', 'desk')), say);
  expect(await findDataFolder(null, places())).toEqual({ folder: desk, mode: 'desk' });
  expect(await findDataFolder(demo, places())).toEqual({ folder: demo, mode: 'demo' });
});

test('a damaged marker is told, not overwritten', async () => {
  await writeFile(join(folder, 'tradewind.json'), '{"mode":');
  await expect(openDataFolder(choose('demo', folder), say)).rejects.toThrow(/tradewind\.json is damaged/);
});

test.skipIf(isRoot)('a folder that may not be written is told in one sentence', async () => {
  await chmod(folder, 0o500);
  await expect(openDataFolder(choose('demo', join(folder, 'data')), say)).rejects.toThrow(/cannot be used \(EACCES\)/);
});

test('without --data the folder lies in the checkout', async () => {
  expect(await openDataFolder(choose('demo', null), say, places())).toBe(join(folder, 'data', 'demo'));
  expect(said).toEqual([]);
});

test.skipIf(!isRoot)('as root, folders are open to the user of PostgreSQL under any umask', async () => {
  const before = process.umask(0o077);
  try {
    await openDataFolder(choose('demo', null), say, places());
  } finally {
    process.umask(before);
  }
  expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o711);
  expect((await stat(join(folder, 'data', 'demo'))).mode & 0o777).toBe(0o711);
});

test.skipIf(!isRoot)('as root, a checkout closed to that user keeps its data elsewhere and says so', async () => {
  const checkout = join(folder, 'closed', 'checkout');
  await mkdir(checkout, { recursive: true });
  await chmod(join(folder, 'closed'), 0o700);
  const dataDir = await openDataFolder(choose('demo', null), say, { ...places(), checkout });
  expect(dataDir).toBe(join(folder, 'system', 'demo'));
  expect(said).toEqual([expect.stringContaining(`The data is kept in ${dataDir}, because`)]);
});
