import { startDemo } from '@tradewind/fault-lab/demo';
import { openDatabase } from '../db/database.ts';
import { startServer } from '../main.ts';
import { launch } from './launch.ts';
import { spreadSample } from './spread-sample.ts';

const products = {
  startServer,
  startDemo,
  spreadSample: async (databaseUrl: string, sinceMs: number) => {
    const database = openDatabase(databaseUrl, { maxConnections: 1 });
    await spreadSample(database.db, sinceMs).finally(() => database.close());
  },
};

process.exit(await launch(process.env, process.argv.slice(2), products));
