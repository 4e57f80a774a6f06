import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDesktopApp } from './desktop-app.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-app-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program in Electron's place. */
function writeProgram(code: string): string {
  const path = join(folder, 'electron');
  writeFileSync(path, `#!/bin/sh\ncd ${folder}\n${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

function open(program: string, signal = new AbortController().signal) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return openDesktopApp({ program, app: '/app', link: 'http://127.0.0.1:7373/#/setup/1', profile: '/p', env, signal });
}

test('the app learns its server and its profile, and is never started as a Node', async () => {
  const program = writeProgram('echo "$TRADEWIND_SERVER $TRADEWIND_PROFILE [$ELECTRON_RUN_AS_NODE] $*" > told');
  expect(await open(program)).toBe(true);
  expect(readFileSync(join(folder, 'told'), 'utf8')).toMatch(
    /^http:\/\/127\.0\.0\.1:7373\/#\/setup\/1 \/p \[\] .*\/app\n$/,
  );
});

test('one that ends with a failure, or is not there, does not run here', async () => {
  expect(await open(writeProgram('exit 133'))).toBe(false);
  expect(await open(join(folder, 'nowhere'))).toBe(false);
});

test('the end of the product ends the app', async () => {
  const stop = new AbortController();
  const opened = open(
    writeProgram('trap "touch ended; exit 0" TERM; touch started; while :; do sleep 0.05; done'),
    stop.signal,
  );
  await vi.waitUntil(() => existsSync(join(folder, 'started')));
  stop.abort();
  await vi.waitUntil(() => existsSync(join(folder, 'ended')));
  await opened;
});
