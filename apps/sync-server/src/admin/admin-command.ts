import { openDatabase } from '../db/database.ts';
import { latestVersion } from '../db/migrate.ts';
import { findUnreadiness } from '../observability/readiness.ts';
import { reachDatabase } from '../terminal/reach-database.ts';
import { runTool } from '../terminal/run-tool.ts';
import { parseAdminFlags } from './flags.ts';
import { createOperatorLink, listAgents, removeCodes } from './orders.ts';

process.exit(
  await runTool(
    process.env,
    process.argv.slice(2),
    parseAdminFlags,
    async ({ flags: { order }, config, signal, say }) => {
      // The answer alone is printed, so that scripts can use it.
      const server = await reachDatabase(config, { onProgress: () => undefined, signal });
      const database = openDatabase(server.connectionString, { maxConnections: 1 });
      const { db, pool } = database;
      try {
        await pool.query('select 1'); // what is wrong with DATABASE_URL is said in PostgreSQL's own words
        const unready = await findUnreadiness(pool, await latestVersion());
        if (unready !== null) throw new Error(`${unready} Start Tradewind once, and try again.`);
        if (order.do === 'list') (await listAgents(db)).forEach(say);
        else if (order.do === 'reset') {
          say(await createOperatorLink(db, order.email, config.publicUrl, Date.now()));
          say('The link works once, for one hour.');
        } else {
          await removeCodes(db, order.email, Date.now());
          say(`${order.email} logs in without codes now.`);
        }
        return 0;
      } finally {
        await database.close();
        await server.close();
      }
    },
  ),
);
