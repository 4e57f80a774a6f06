import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchElectron } from './fetch-electron.ts';

const { signal } = new AbortController();
let folder: string;
let mirror: Server;
let asked: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-fetch-'));
  writeFileSync(join(folder, 'package.json'), '{"version": "45.4.1"}');
  asked = [];
  mirror = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('a long archive');
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The package's own script, which puts the program in place. */
function writeInstaller(code: string): void {
  writeFileSync(join(folder, 'install.js'), code);
}

function fetchFrom(origin: string, nowMs = 1_000) {
  const env = { ...process.env, ELECTRON_MIRROR: `${origin}/`, npm_config_electron_mirror: undefined };
  return fetchElectron({ env, packageDir: folder, memory: join(folder, 'memory.json'), signal, now: () => nowMs });
}

function origin(): string {
  return `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
}

test('what can be reached is fetched by the package’s own script', async () => {
  writeInstaller(`require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'path.txt'))}, 'electron')`);
  expect(await fetchFrom(origin())).toBe(true);
  expect(asked).toEqual([`/v45.4.1/electron-v45.4.1-${process.platform}-${process.arch}.zip`]);
  expect(readFileSync(join(folder, 'path.txt'), 'utf8')).toBe('electron');
});

test('a failure is remembered for a week, for this version', async () => {
  writeInstaller('process.exit(1)');
  expect(await fetchFrom(origin())).toBe(false);
  expect(await fetchFrom(origin(), 86_400_000)).toBe(false);
  expect(asked).toHaveLength(1);
  expect(await fetchFrom(origin(), 8 * 86_400_000)).toBe(false);
  expect(asked).toHaveLength(2);
  writeFileSync(join(folder, 'package.json'), '{"version": "46.0.0"}');
  await fetchFrom(origin(), 8 * 86_400_000);
  expect(asked).toHaveLength(3);
});

test('without a way to the archive its script is not started', async () => {
  writeInstaller(`require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'ran'))}, '')`);
  expect(await fetchFrom('http://127.0.0.1:1')).toBe(false);
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});
