import pino from 'pino';
import { startEmbeddedPostgres } from '../src/db/embedded/supervisor.ts';

// Run as a process of its own, so that a test can kill the supervisor: prints one line of JSON when PostgreSQL is ready.
const [dataDir] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: node supervise.ts DATA_FOLDER');
const postgres = await startEmbeddedPostgres({
  dataDir,
  log: pino({ level: 'silent' }),
  onProgress: () => undefined,
});
process.stdout.write(`${JSON.stringify({ connectionString: postgres.connectionString, pid: postgres.pid })}\n`);
setInterval(() => undefined, 60_000);
