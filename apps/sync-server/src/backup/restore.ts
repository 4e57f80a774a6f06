import pg from 'pg';
import { latestVersion } from '../db/migrate.ts';
import { FileStore } from '../files/file-store.ts';
import { type Settled, settleRestoredDesk } from './after-restore.ts';
import type { ArchiveHeader, ArchiveTrailer } from './archive-format.ts';
import { readArchive } from './archive-reader.ts';
import { beginLoad, createLoader } from './load.ts';
import { describeLoss, openClient } from './open-client.ts';
import { RestoreTarget } from './restore-target.ts';

export interface RestoreOptions {
  archive: string;
  /** Chooses the data folder, knowing what the archive is of. */
  chooseFolder: (mode: 'demo' | 'desk') => Promise<string>;
  /** `TRADEWIND_SECRET_KEY`; null: `secret.key` in the data folder. */
  secretKey: string | null;
  /** Opens the database to restore into, once the folder is there. */
  openDatabase: (folder: string) => Promise<{ connectionString: string; close(): Promise<void> }>;
  now: () => number;
  onStep: (what: string) => void;
  signal: AbortSignal;
}

export interface RestoreResult extends Settled {
  folder: string;
  header: ArchiveHeader;
  trailer: ArchiveTrailer;
}

/**
 * Restores an archive into an empty folder and an empty database: everything or nothing. The archive is read twice, first to
 * check all of it, so that nothing is touched for one that cannot be restored.
 *
 * Crash points: before the commit the database is empty and the folder is marked as unfinished, which no server starts on;
 * after it, and before the mark is taken away, a second restore says that the database is not empty any more.
 *
 * @throws Error in one sentence; then nothing is left.
 */
export async function restore(options: RestoreOptions): Promise<RestoreResult> {
  const { archive, onStep, signal } = options;
  onStep('checking the archive');
  const { header, trailer } = await readArchive(archive, {}, signal);
  const newest = await latestVersion();
  if (header.schemaVersion > newest) {
    throw new Error(
      `The archive has schema version ${header.schemaVersion}, this Tradewind knows ${newest}: restore it with the newer Tradewind. Nothing was changed.`,
    );
  }
  const folder = await options.chooseFolder(header.mode);
  const target = await RestoreTarget.check(folder, options.secretKey, header.keyFingerprint);
  await target.begin();
  try {
    const database = await options.openDatabase(folder);
    let settled: Settled;
    try {
      settled = await load(options, folder, database.connectionString);
    } finally {
      await database.close();
    }
    await target.finish(header.mode);
    return { ...settled, folder, header, trailer };
  } catch (error) {
    await target.undo();
    throw toSentence(error);
  }
}

async function load(options: RestoreOptions, folder: string, connectionString: string): Promise<Settled> {
  const { archive, onStep, signal } = options;
  const client = await openClient(connectionString, signal);
  try {
    await beginLoad(client);
    const files = await FileStore.open(folder);
    const loader = createLoader(client, onStep, signal);
    const { header, trailer } = await readArchive(
      archive,
      {
        ...loader,
        file: async (_sha256, content) => {
          onStep('files');
          await files.storeFile(content);
        },
      },
      signal,
    );
    onStep('finishing');
    await loader.finish(header, trailer);
    const settled = await settleRestoredDesk(client, header.createdAt, options.now());
    signal.throwIfAborted();
    await client.query('commit');
    // The planner knows nothing of tables filled just now.
    await client.query('analyze').catch(() => undefined);
    return settled;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function toSentence(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return describeLoss(error);
  return new Error(`The archive could not be loaded, and nothing was changed: ${error.message}.`, { cause: error });
}
