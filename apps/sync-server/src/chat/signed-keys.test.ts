import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { SignedKeys } from './signed-keys.ts';

const master = randomBytes(32);
const keys = new SignedKeys(master);

test('a key says what it was made for, until it has expired, on every node', () => {
  const key = keys.sign('upload', ['account', 'visitor'], 2_000);
  expect(new SignedKeys(master).read('upload', key, 1_999)).toEqual(['account', 'visitor']);
  expect(keys.read('upload', key, 2_000)).toBeNull();
});

test('a key of another purpose, another server, or with any character changed opens nothing', () => {
  const key = keys.sign('upload', ['account', 'visitor'], 2_000);
  expect(keys.read('file', key, 0)).toBeNull();
  expect(new SignedKeys(randomBytes(32)).read('upload', key, 0)).toBeNull();
  for (let index = 0; index < key.length; index++) {
    const changed = `${key.slice(0, index)}${key[index] === 'x' ? 'y' : 'x'}${key.slice(index + 1)}`;
    expect(keys.read('upload', changed, 0)).toBeNull();
  }
  for (const nonsense of ['', '.', '..', 'a.b', `${key}.`, `.${key}`])
    expect(keys.read('upload', nonsense, 0)).toBeNull();
});
