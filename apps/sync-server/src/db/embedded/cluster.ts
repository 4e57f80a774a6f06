import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Programs, RunAs } from './programs.ts';

export const USER = 'tradewind';
export const DATABASE = 'postgres';

/** What lies in the data folder of the embedded PostgreSQL. */
export interface Cluster {
  /** PGDATA, owned by the user PostgreSQL runs as. */
  folder: string;
  logFile: string;
  password: string;
}

/**
 * Opens the cluster in `dataDir`, and makes it at the first start.
 *
 * It is made aside and renamed when it is complete, so that a crash half-way leaves nothing that looks finished.
 *
 * @throws Error in one sentence: the folder is closed to PostgreSQL's user, the password is gone, initdb failed.
 */
export async function openCluster(
  dataDir: string,
  programs: Programs,
  runAs: RunAs,
  onProgress: (line: string) => void,
): Promise<Cluster> {
  const folder = join(dataDir, 'cluster');
  const passwordFile = join(dataDir, 'password');
  const logFile = join(dataDir, 'postgres.log');
  if (await exists(folder)) {
    const password = await readFile(passwordFile, 'utf8').catch((cause: unknown) => {
      throw new Error(
        `The database in ${folder} cannot be opened because its password file ${passwordFile} cannot be read.`,
        { cause },
      );
    });
    return { folder, logFile, password: password.trim() };
  }
  onProgress('Creating the database');
  const password = randomBytes(24).toString('hex');
  await writeDurably(passwordFile, `${password}\n`, {});
  await initialise(folder, password, programs, runAs);
  return { folder, logFile, password };
}

async function initialise(folder: string, password: string, programs: Programs, runAs: RunAs): Promise<void> {
  const half = `${folder}.part`;
  const passwordCopy = join(dirname(folder), '.initdb-password');
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  if (runAs.uid !== undefined) await chown(half, runAs.uid, runAs.gid);
  await writeDurably(passwordCopy, password, runAs);
  const settings = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const login = [`--username=${USER}`, '--auth=scram-sha-256', `--pwfile=${passwordCopy}`];
  try {
    await promisify(execFile)(programs.initdb, ['-D', half, '--no-instructions', ...settings, ...login], {
      ...runAs,
      cwd: dirname(folder),
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    const reason = output.split('\n').find((line) => /error|fatal/i.test(line)) ?? output.split('\n').at(-1);
    throw new Error(`The database could not be created in ${folder}: ${reason}`, { cause });
  } finally {
    await rm(passwordCopy, { force: true });
  }
  await rename(half, folder);
}

async function writeDurably(path: string, text: string, owner: RunAs): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    if (owner.uid !== undefined) await file.chown(owner.uid, owner.gid);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Finds the first folder on the way to `path` that `runAs` may not enter: PostgreSQL could not reach its data.
 *
 * @returns null when the way is free, or when PostgreSQL runs as our own user.
 */
export async function findClosedFolder(path: string, runAs: RunAs): Promise<string | null> {
  if (runAs.uid === undefined) return null;
  const steps: string[] = [];
  for (let step = resolve(path); ; step = dirname(step)) {
    steps.unshift(step);
    if (dirname(step) === step) break;
  }
  for (const step of steps) {
    const info = await stat(step).catch(() => null);
    if (info === null) return null;
    const mayEnter = info.uid === runAs.uid ? 0o100 : info.gid === runAs.gid ? 0o010 : 0o001;
    if ((info.mode & mayEnter) === 0) return step;
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
