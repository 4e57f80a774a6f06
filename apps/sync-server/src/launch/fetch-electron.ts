import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readElectronVersion } from './find-electron.ts';

export interface FetchElectronOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The folder of the `electron` package; its `install.js` puts the program there. */
  packageDir: string;
  /** A file that remembers a failure. */
  memory: string;
  signal: AbortSignal;
  now?: () => number;
}

const RELEASES = 'https://github.com/electron/electron/releases/download/';
/** A host that cannot be reached often does not refuse, it is silent. */
const FIRST_BYTE_MS = 10_000;
const DOWNLOAD_MS = 15 * 60_000;
const TRY_AGAIN_AFTER_MS = 7 * 86_400_000;

/**
 * Fetches Electron's program, once: a machine that cannot reach it is not asked again for a week. Meant to run beside the
 * start, which never waits for it.
 *
 * @returns whether the program is there now.
 */
export async function fetchElectron(options: FetchElectronOptions): Promise<boolean> {
  const { env, packageDir, memory, signal, now = Date.now } = options;
  const script = join(packageDir, 'install.js');
  if (env.ELECTRON_SKIP_BINARY_DOWNLOAD || !existsSync(script)) return false;
  const version = readElectronVersion(packageDir);
  if (await failedLately(memory, version, now())) return false;
  const isFetched = (await canReach(toArchive(env, version), signal)) && (await install(script, env, signal));
  if (!isFetched && !signal.aborted) {
    await mkdir(dirname(memory), { recursive: true });
    await writeFile(memory, JSON.stringify({ version, failedAt: now() }));
  }
  return isFetched;
}

async function failedLately(memory: string, version: string, nowMs: number): Promise<boolean> {
  try {
    const seen = JSON.parse(await readFile(memory, 'utf8')) as { version?: unknown; failedAt?: unknown };
    return seen.version === version && nowMs - Number(seen.failedAt) < TRY_AGAIN_AFTER_MS;
  } catch {
    return false; // nothing is remembered, or nothing that can be read
  }
}

/** @see https://www.electronjs.org/docs/latest/tutorial/installation#mirror */
function toArchive(env: FetchElectronOptions['env'], version: string): string {
  const mirror = env.ELECTRON_MIRROR || env.npm_config_electron_mirror || RELEASES;
  return `${mirror}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`;
}

async function canReach(address: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(FIRST_BYTE_MS)]) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

function install(script: string, env: FetchElectronOptions['env'], signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { env, stdio: 'ignore', timeout: DOWNLOAD_MS, signal });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
