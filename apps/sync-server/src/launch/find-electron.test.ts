import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findElectron, hasScreen } from './find-electron.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-electron-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
}

test('the folder of the variable, else the package', () => {
  const given = put('given/electron');
  const own = put('package/dist/electron');
  put('package/path.txt');
  const packageDir = join(folder, 'package');
  expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'given') }, packageDir, 'linux')).toBe(given);
  expect(findElectron({}, packageDir, 'linux')).toBe(own);
  expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nowhere') }, packageDir, 'linux')).toBeNull();
});

test('a package that was filled half way is none', () => {
  put('package/dist/electron');
  expect(findElectron({}, join(folder, 'package'), 'linux')).toBeNull();
});

test('each platform has its program', () => {
  put('package/path.txt');
  const mac = put('package/dist/Electron.app/Contents/MacOS/Electron');
  expect(findElectron({}, join(folder, 'package'), 'darwin')).toBe(mac);
  expect(findElectron({}, join(folder, 'package'), 'win32')).toBeNull();
});

test.each([
  [{}, 'linux', false],
  [{ DISPLAY: ':0' }, 'linux', true],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  [{}, 'win32', true],
] as const)('a screen with %o on %s: %s', (env, platform, expected) => {
  expect(hasScreen(env, platform)).toBe(expected);
});
