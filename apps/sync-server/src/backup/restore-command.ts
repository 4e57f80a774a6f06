import { join, resolve } from 'node:path';
import { lockFolder } from '../db/embedded/lock.ts';
import { startEmbeddedPostgres } from '../db/embedded/supervisor.ts';
import { chooseDataFolder } from '../launch/data-folder.ts';
import { createLogger } from '../observability/logger.ts';
import { parseRestoreFlags } from './flags.ts';
import { formatCount } from './progress.ts';
import { restore } from './restore.ts';
import { runCommand } from './run-command.ts';

process.exit(
  await runCommand(
    process.env,
    process.argv.slice(2),
    parseRestoreFlags,
    async ({ flags, config, signal, ...tools }) => {
      const result = await restore({
        archive: resolve(flags.archive),
        chooseFolder: (mode) => chooseDataFolder({ ...config, mode }, tools.say),
        secretKey: config.secretKey,
        openDatabase: async (folder) =>
          config.databaseUrl === null
            ? openEmbedded(folder, tools.say, signal)
            : { connectionString: config.databaseUrl, close: async () => undefined },
        now: Date.now,
        onStep: (what) => tools.progress.show(`Restoring: ${what}`),
        signal,
      });
      const { header, trailer, folder } = result;
      const rows = trailer.tables.reduce((sum, table) => sum + table.rows, 0);
      tools.say(
        `Restored as of ${new Date(header.createdAt).toISOString()}: ${formatCount(rows, 'row', 'rows')}, ${formatCount(trailer.files.count, 'file', 'files')}, in ${config.databaseUrl === null ? folder : `DATABASE_URL and ${folder}`}.`,
      );
      tools.say('Everybody logs in again, and links for invitations and passwords have to be sent anew.');
      if (result.unknownMessages > 0) {
        tools.say(
          `${formatCount(result.unknownMessages, 'message', 'messages')} had not been sent when the backup was made and may have been since: agents find them marked as unknown and decide.`,
        );
      }
      tools.say(`Start it with: npm start -- ${header.mode === 'desk' ? '--no-demo ' : ''}--data ${folder}`);
      return 0;
    },
  ),
);

async function openEmbedded(folder: string, say: (line: string) => void, signal: AbortSignal) {
  const lock = await lockFolder(folder);
  try {
    const dataDir = join(folder, 'postgres');
    const postgres = await startEmbeddedPostgres({ dataDir, log: createLogger('silent'), onProgress: say, signal });
    return {
      connectionString: postgres.connectionString,
      close: async () => {
        await postgres.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
