import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** An Electron to test with, or why there is none. */
export type Runtime = { path: string } | { missing: string };

/**
 * With `TRADEWIND_TEST_APP` the packaged program is tested; it must have been packed with the debugger's fuse left on:
 * `pnpm package:dir -c.electronFuses.enableNodeCliInspectArguments=true`.
 *
 * Never `require('electron')`: without its program that would download one, without a time limit.
 */
export function findRuntime(env = process.env): Runtime {
  if (process.platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return { missing: 'no display: run it under xvfb-run' };
  }
  if (env.TRADEWIND_TEST_APP) return { path: env.TRADEWIND_TEST_APP };
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const name = readText(join(folder, 'path.txt')) ?? 'electron';
  const paths = [
    ...(env.ELECTRON_OVERRIDE_DIST_PATH ? [join(env.ELECTRON_OVERRIDE_DIST_PATH, name)] : []),
    join(folder, 'dist', name),
  ];
  const path = paths.find((candidate) => existsSync(candidate));
  return path === undefined
    ? { missing: 'no Electron: set ELECTRON_OVERRIDE_DIST_PATH or let `npm start` fetch it' }
    : { path };
}

function readText(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}
