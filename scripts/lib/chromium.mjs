import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { ROOT, run, SetupError } from './programs.mjs';

const COMMANDS = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of a Chrome or Chromium for tests: `CHROMIUM_PATH`, an installed one, Playwright's, else (as root on Debian) the
 * distribution's package, installed now.
 *
 * @throws SetupError that says how to get one.
 */
export async function findChromium() {
  const found = findInstalled() ?? findPlaywrights();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write('Installing Chromium (apt-get)\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  }
  const installed = findInstalled();
  if (installed !== undefined) return installed;
  throw new SetupError(
    'The end-to-end tests need a Chrome or Chromium: install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to its program.',
  );
}

function findInstalled() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  const candidates = [process.env.CHROMIUM_PATH, ...onPath, ...PLACES].filter((path) => path && existsSync(path));
  // Ubuntu's "chromium" may be a stub that only tells to install a snap.
  return candidates.find((path) => spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0);
}

function findPlaywrights() {
  try {
    const require = createRequire(join(ROOT, 'apps', 'desktop', 'package.json'));
    const path = require('@playwright/test').chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined; // Playwright has no browser for this platform
  }
}
