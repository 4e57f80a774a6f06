import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JsonFile } from './json-file.ts';
import { Servers } from './servers.ts';
import { settingsSchema } from './settings.ts';
import { TokenStore, tokensSchema } from './token-store.ts';

const ONE = 'https://one.example';
const TWO = 'http://127.0.0.1:7373';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-servers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open() {
  const keys = { isSafe: () => false, encrypt: () => Buffer.alloc(0), decrypt: () => '' };
  const tokens = new TokenStore(new JsonFile(join(folder, 'sessions.json'), tokensSchema), keys);
  return { tokens, servers: new Servers(new JsonFile(join(folder, 'settings.json'), settingsSchema), tokens) };
}

test('servers are remembered by the names their desks have', () => {
  const { servers } = open();
  servers.nameServer(ONE, 'Lantern & Loom');
  servers.choose(ONE);
  servers.choose(TWO);
  expect(open().servers.list()).toEqual({
    current: TWO,
    servers: [
      { origin: ONE, name: 'Lantern & Loom' },
      { origin: TWO, name: '127.0.0.1:7373' },
    ],
  });
  servers.nameServer(ONE, 'Lantern & Loom Berlin');
  expect(open().servers.list().servers[0]).toEqual({ origin: ONE, name: 'Lantern & Loom Berlin' });
});

test('a server that was only looked at is not remembered', () => {
  const { servers } = open();
  servers.nameServer(ONE, 'Lantern & Loom');
  expect(servers.list().servers).toEqual([]);
});

test('the token is the chosen server’s; forgetting the server forgets it', () => {
  const { servers, tokens } = open();
  tokens.adopt(ONE, 'token-of-one-server');
  servers.choose(TWO);
  expect(servers.currentToken()).toBeNull();
  servers.choose(ONE);
  expect(servers.currentToken()).toBe('token-of-one-server');
  expect(servers.forget(TWO)).toBe(false);
  expect(servers.forget(ONE)).toBe(true);
  expect(servers.list()).toEqual({ servers: [], current: null });
  expect(tokens.get(ONE)).toBeNull();
});

test.runIf(existsSync('/dev/full'))('a server can be chosen with a full disk', () => {
  symlinkSync('/dev/full', join(folder, 'settings.json.new'));
  const { servers } = open();
  servers.choose(ONE);
  expect(servers.currentServer()).toBe(ONE);
});
