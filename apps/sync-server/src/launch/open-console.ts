import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDesktopApp } from './desktop-app.ts';
import { fetchElectron } from './fetch-electron.ts';
import { findElectron, hasScreen } from './find-electron.ts';
import { openBrowser } from './open-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConsoleOptions {
  env: Environment;
  /** The server, or a link to a place in its console. */
  link: string;
  dataDir: string;
  say(line: string): void;
  /** Ends what was opened or begun. */
  signal: AbortSignal;
}

const DESKTOP = fileURLToPath(new URL('../../../desktop', import.meta.url));
const MEMORY = fileURLToPath(new URL('../../../../.cache/electron-download.json', import.meta.url));
const PACKAGE = join(DESKTOP, 'node_modules', 'electron');

/**
 * Shows the console: in the desktop app where an Electron is, else in the browser. An Electron that could be fetched is,
 * in the background, for the next start.
 */
export async function openConsole({ env, link, dataDir, say, signal }: ConsoleOptions): Promise<void> {
  if (!hasScreen(env, process.platform)) return say('There is no screen here: open the console by its address.');
  const isBuilt = existsSync(join(DESKTOP, 'dist', 'main', 'index.cjs'));
  const program = isBuilt ? findElectron(env, PACKAGE) : null;
  if (program !== null) {
    const profile = join(dataDir, 'console');
    if (await openDesktopApp({ program, app: DESKTOP, link, profile, env, signal })) return;
    say('The desktop app does not run here: the console opens in the browser.');
  }
  if (!(await openBrowser(link, env))) say('No browser could be opened here: open the console by its address.');
  if (isBuilt && program === null) {
    void fetchElectron({ env, packageDir: PACKAGE, memory: MEMORY, signal }).then((isThere) => {
      if (isThere) say('The desktop app is ready: the next start opens the console in it.');
    });
  }
}
