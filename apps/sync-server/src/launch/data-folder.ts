import { chmod, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import { findClosedFolder } from '../db/embedded/cluster.ts';
import { choosePostgresUser } from '../db/embedded/programs.ts';

const PLACES = { checkout: fileURLToPath(new URL('../../../../', import.meta.url)), system: '/var/lib/tradewind' };
const MARKER = 'tradewind.json';
/** Stands in a folder for as long as a restore fills it. */
export const UNFINISHED = 'restore-unfinished';
const markerSchema = z.object({ mode: z.enum(['demo', 'desk']) });

type Choice = Pick<Config, 'mode' | 'dataDir' | 'databaseUrl'>;

/**
 * Chooses the data folder, makes it when it is missing and marks it with its mode, which it keeps for life.
 *
 * @param say - told when the folder is not where one would look for it.
 * @returns the absolute path.
 * @throws Error in one sentence: not writable, of the other mode, in use for something else.
 */
export async function openDataFolder(config: Choice, say: (line: string) => void, places = PLACES): Promise<string> {
  const folder = await chooseDataFolder(config, say, places);
  try {
    await makeFolder(folder);
    const found = await readMode(folder);
    if (found === null) await markFolder(folder, config.mode);
    else if (found !== config.mode) throw new Error(otherMode(folder, found));
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'EEXIST' || error.code === 'ENOTDIR') {
        throw new Error(`The data folder ${folder} is not a folder but a file: choose another with --data DIR.`, {
          cause: error,
        });
      }
      throw new Error(
        `The data folder ${folder} cannot be used (${error.code}): make it writable, or choose another with --data DIR.`,
        { cause: error },
      );
    }
    throw error;
  }
  return folder;
}

/** The folder `openDataFolder` would open, which may not exist yet. */
export async function chooseDataFolder(config: Choice, say: (line: string) => void, places = PLACES): Promise<string> {
  return config.dataDir === null ? defaultFolder(config, say, places) : resolve(config.dataDir);
}

/**
 * The folder of a desk that is there already: the one given, else the first of the usual places that holds one, a real desk
 * before the demo.
 *
 * @throws Error in one sentence when there is none.
 */
export async function findDataFolder(
  dataDir: string | null,
  places = PLACES,
): Promise<{ folder: string; mode: 'demo' | 'desk' }> {
  const usual = (['desk', 'demo'] as const).flatMap((mode) => [
    join(resolve(places.checkout), 'data', mode),
    join(places.system, mode),
  ]);
  for (const folder of dataDir === null ? usual : [resolve(dataDir)]) {
    const mode = await readMode(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (mode !== null) return { folder, mode };
  }
  throw new Error(
    dataDir === null
      ? 'There is no desk in the usual places: name its data folder with --data DIR.'
      : `There is no desk in ${resolve(dataDir)}: name its data folder with --data DIR.`,
  );
}

/** Inside the checkout; as root below a folder that PostgreSQL's user may not enter, at the system's place for data. */
async function defaultFolder(config: Choice, say: (line: string) => void, places: typeof PLACES): Promise<string> {
  const checkout = resolve(places.checkout);
  const usual = join(checkout, 'data', config.mode);
  const closed = config.databaseUrl === null ? await findClosedFolder(checkout, choosePostgresUser()) : null;
  if (closed === null) return usual;
  const folder = join(places.system, config.mode);
  say(`The data is kept in ${folder}, because PostgreSQL does not run as root and its user may not enter ${closed}`);
  return folder;
}

/** As root, PostgreSQL's user must be able to pass through what we make, whatever the umask is. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined || choosePostgresUser().uid === undefined) return;
  for (let step = folder; step.length >= first.length; step = dirname(step)) await chmod(step, 0o711);
}

async function readMode(folder: string): Promise<'demo' | 'desk' | null> {
  const path = join(folder, MARKER);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const others = (await readdir(folder)).filter((name) => name !== 'lost+found');
    if (others.length === 0) return null;
    if (others.includes(UNFINISHED)) {
      throw new Error(
        `A restore into ${folder} did not finish: run it again (npm run restore), or choose another folder with --data DIR.`,
        { cause: error },
      );
    }
    throw new Error(
      `The folder ${folder} holds other files (${others[0]}) and no Tradewind data: choose an empty or new folder with --data DIR.`,
      { cause: error },
    );
  }
  const marker = markerSchema.safeParse(parseJson(text));
  if (marker.success) return marker.data.mode;
  throw new Error(`The file ${path} is damaged: it must read {"mode":"demo"} or {"mode":"desk"}.`);
}

export async function markFolder(folder: string, mode: Config['mode']): Promise<void> {
  const file = await open(join(folder, MARKER), 'wx', 0o644);
  try {
    await file.writeFile(`${JSON.stringify({ mode, createdAt: new Date().toISOString() })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

function otherMode(folder: string, found: 'demo' | 'desk'): string {
  return found === 'demo'
    ? `The data folder ${folder} belongs to the demo: start it without --no-demo, or choose another folder with --data DIR.`
    : `The data folder ${folder} belongs to a real desk: start it with --no-demo, or choose another folder with --data DIR.`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
