import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Electron's program inside its folder, by platform. */
const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  linux: 'electron',
  win32: 'electron.exe',
};

/** Without a screen there is nothing to open, neither an app nor a browser. */
export function hasScreen(env: Environment, platform: NodeJS.Platform): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * The program of an Electron that is there: in `ELECTRON_OVERRIDE_DIST_PATH`, else where its package was filled.
 *
 * The package is never loaded: without its program, `require('electron')` downloads one, without a time limit.
 *
 * @param packageDir - the folder of the `electron` package.
 */
export function findElectron(env: Environment, packageDir: string, platform = process.platform): string | null {
  const program = PROGRAMS[platform];
  if (program === undefined) return null;
  const given = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) {
    const path = join(given, program);
    return existsSync(path) ? path : null;
  }
  // Written last when the program is put there: a folder without it is half filled.
  const isWhole = existsSync(join(packageDir, 'path.txt'));
  const path = join(packageDir, 'dist', program);
  return isWhole && existsSync(path) ? path : null;
}

/** The version the package stands for. */
export function readElectronVersion(packageDir: string): string {
  return (JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string }).version;
}
