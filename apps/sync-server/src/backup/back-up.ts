import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathOfFile } from '../files/file-store.ts';
import type { ArchiveTrailer } from './archive-format.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { dumpDatabase } from './dump.ts';
import { describeLoss, openClient } from './open-client.ts';

export interface BackupOptions {
  databaseUrl: string;
  /** The server's data folder, for its files. */
  dataDir: string;
  /** File to write, or an existing folder for one with a name of its own. */
  out: string;
  now: () => number;
  onStep: (what: string) => void;
  signal: AbortSignal;
}

export interface BackupResult {
  path: string;
  sizeBytes: number;
  trailer: ArchiveTrailer;
}

/**
 * Writes a desk into one file, as of one instant, while the server goes on working. The file gets its name when it is whole.
 *
 * @throws Error in one sentence; then no file is left.
 */
export async function backUp(options: BackupOptions): Promise<BackupResult> {
  const path = await choosePath(options.out, options.now());
  const client = await openClient(options.databaseUrl, options.signal);
  const writer = new ArchiveWriter(path);
  try {
    await dumpDatabase(client, writer, {
      nowMs: options.now(),
      pathOfFile: (sha256) => pathOfFile(options.dataDir, sha256),
      onStep: options.onStep,
      signal: options.signal,
    });
    options.signal.throwIfAborted();
    return { path, ...(await writer.finish()) };
  } catch (error) {
    await writer.discard();
    throw toSentence(error, path);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function choosePath(out: string, nowMs: number): Promise<string> {
  const given = resolve(out);
  const info = await stat(given).catch(() => null);
  const path = info?.isDirectory() ? join(given, archiveName(nowMs)) : given;
  if (info?.isFile() || (path !== given && (await stat(path).catch(() => null)) !== null)) {
    throw new Error(`There is a file ${path} already: remove it, or name another with --out FILE.`);
  }
  if (!(await stat(dirname(path)).catch(() => null))?.isDirectory()) {
    throw new Error(
      `There is no folder ${dirname(path)} to write ${basename(path)} into: make it, or name another with --out FILE.`,
    );
  }
  return path;
}

/** `tradewind-20260102T030405Z.tar.gz` */
function archiveName(nowMs: number): string {
  const at = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `tradewind-${at}.tar.gz`;
}

function toSentence(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Error(`There is no space left for ${path}: the backup was given up.`, { cause: error });
  }
  if (syscall !== undefined && syscall !== 'connect') {
    return new Error(`The backup ${path} could not be written (${code}).`, { cause: error });
  }
  return describeLoss(error);
}
