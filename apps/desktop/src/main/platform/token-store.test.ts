import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonFile } from './json-file.ts';
import { type KeyStore, TokenStore, tokensSchema } from './token-store.ts';

const ONE = 'https://one.example';
const TWO = 'https://two.example';
const TOKEN = 'tw_a-very-secret-token';

class TestKeys implements KeyStore {
  readonly #key: number;
  readonly #safe: boolean;
  constructor(key: number, safe = true) {
    this.#key = key;
    this.#safe = safe;
  }
  isSafe() {
    return this.#safe;
  }
  encrypt(text: string) {
    return Buffer.from([this.#key, ...Buffer.from(text).map((byte) => byte ^ this.#key)]);
  }
  decrypt(encrypted: Buffer) {
    if (encrypted[0] !== this.#key) throw new Error('another key');
    return Buffer.from(encrypted.subarray(1).map((byte) => byte ^ this.#key)).toString();
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (keys: KeyStore) => new TokenStore(new JsonFile(join(folder, 'sessions.json'), tokensSchema), keys);

test('[R16] a token survives a restart, encrypted, one per server', () => {
  const store = open(new TestKeys(7));
  expect(store.adopt(ONE, TOKEN)).toBe('key-store');
  store.adopt(TWO, 'another-token');
  expect(readFileSync(join(folder, 'sessions.json'), 'utf8')).not.toContain(TOKEN);
  const next = open(new TestKeys(7));
  expect([next.get(ONE), next.get(TWO), next.get('https://three.example')]).toEqual([TOKEN, 'another-token', null]);
});

test('[R16] without a safe key nothing is written, and the session ends with the app', () => {
  const store = open(new TestKeys(7, false));
  expect(store.adopt(ONE, TOKEN)).toBe('memory');
  expect(store.get(ONE)).toBe(TOKEN);
  expect(readdirSync(folder)).toEqual([]);
  expect(open(new TestKeys(7, false)).get(ONE)).toBeNull();
});

test('a key ring that is away for one start does not cost the session', () => {
  open(new TestKeys(7)).adopt(ONE, TOKEN);
  expect(open(new TestKeys(7, false)).get(ONE)).toBeNull();
  expect(open(new TestKeys(7)).get(ONE)).toBe(TOKEN);
});

test('a token of another key is forgotten', () => {
  open(new TestKeys(7)).adopt(ONE, TOKEN);
  expect(open(new TestKeys(8)).get(ONE)).toBeNull();
  expect(open(new TestKeys(7)).get(ONE)).toBeNull();
});

test('logging out of one server leaves the others', () => {
  const store = open(new TestKeys(7));
  store.adopt(ONE, TOKEN);
  store.adopt(TWO, 'another-token');
  store.forget(ONE);
  expect(store.get(ONE)).toBeNull();
  const next = open(new TestKeys(7));
  expect([next.get(ONE), next.get(TWO)]).toEqual([null, 'another-token']);
});

test.runIf(existsSync('/dev/full'))('a disk that takes no more costs the next start a log-in, not this one', () => {
  symlinkSync('/dev/full', join(folder, 'sessions.json.new'));
  const store = open(new TestKeys(7));
  expect(store.adopt(ONE, TOKEN)).toBe('memory');
  expect(store.get(ONE)).toBe(TOKEN);
});
