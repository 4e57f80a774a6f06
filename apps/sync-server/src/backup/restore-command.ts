import { resolve } from 'node:path';
import { lockFolder } from '../db/embedded/lock.ts';
import { startHeldPostgres } from '../db/embedded/reach.ts';
import { chooseDataFolder } from '../launch/data-folder.ts';
import { createLogger } from '../observability/logger.ts';
import { formatCount } from '../terminal/progress.ts';
import { runTool } from '../terminal/run-tool.ts';
import { parseRestoreFlags } from './flags.ts';
import { restore } from './restore.ts';

process.exit(
  await runTool(process.env, process.argv.slice(2), parseRestoreFlags, async ({ flags, config, signal, ...tools }) => {
    const result = await restore({
      archive: resolve(flags.archive),
      chooseFolder: (mode) => chooseDataFolder({ ...config, mode }, tools.say),
      secretKey: config.secretKey,
      openDatabase: async (folder) =>
        config.databaseUrl === null
          ? startHeldPostgres(await lockFolder(folder), folder, {
              log: createLogger('silent'),
              onProgress: tools.say,
              signal,
            })
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
    const start = config.databaseUrl === null ? 'Start it with' : 'Leave DATABASE_URL set, and start it with';
    tools.say(`${start}: npm start -- ${header.mode === 'desk' ? '--no-demo ' : ''}--data ${folder}`);
    return 0;
  }),
);
