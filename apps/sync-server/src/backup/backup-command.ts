import { join } from 'node:path';
import { KEY_FILE } from '../accounts/secret-box.ts';
import { findDataFolder } from '../launch/data-folder.ts';
import { formatBytes, formatCount } from '../terminal/progress.ts';
import { reachDatabase } from '../terminal/reach-database.ts';
import { runTool } from '../terminal/run-tool.ts';
import { type BackupResult, backUp } from './back-up.ts';
import { parseBackupFlags } from './flags.ts';

/** The archive is good, but files were missing when it was made. */
const INCOMPLETE = 2;

process.exit(
  await runTool(process.env, process.argv.slice(2), parseBackupFlags, async ({ flags, config, signal, ...tools }) => {
    const { folder } = await findDataFolder(config.dataDir);
    tools.say(
      `Backing up the desk in ${config.databaseUrl === null ? folder : `DATABASE_URL, with the files in ${folder}`}`,
    );
    const database = await reachDatabase(config, { onProgress: tools.say, signal });
    let result: BackupResult;
    try {
      result = await backUp({
        databaseUrl: database.connectionString,
        dataDir: folder,
        out: flags.out ?? '.',
        now: Date.now,
        onStep: (what) => tools.progress.show(`Writing ${what}`),
        signal,
      });
    } finally {
      await database.close();
    }
    tools.say(describe(result));
    const key = config.secretKey === null ? join(folder, KEY_FILE) : 'TRADEWIND_SECRET_KEY';
    tools.say(
      `The secret key is not in it, and nothing is restored without it: keep a copy of ${key} in another place.`,
    );
    const { missingFiles } = result.trailer;
    if (missingFiles.length === 0) return 0;
    process.stderr.write(
      `${formatCount(missingFiles.length, 'file', 'files')} the desk knows of ${missingFiles.length === 1 ? 'is' : 'are'} not in ${join(folder, 'files')} and could not be backed up (the first is ${missingFiles[0]}): is this the data folder of the server?\n`,
    );
    return INCOMPLETE;
  }),
);

function describe({ path, sizeBytes, trailer }: BackupResult): string {
  const rows = trailer.tables.reduce((sum, table) => sum + table.rows, 0);
  return `Backup written: ${path} (${formatBytes(sizeBytes)}; ${formatCount(rows, 'row', 'rows')}, ${formatCount(trailer.files.count, 'file', 'files')}).`;
}
