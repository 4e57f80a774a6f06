import { join } from 'node:path';
import { parseConfig } from '../src/config/config.ts';
import { startEmbeddedPostgres } from '../src/db/embedded/supervisor.ts';
import { startServer } from '../src/main.ts';
import { createLogger } from '../src/observability/logger.ts';

/**
 * A server in a process of its own, to be measured or killed: real configuration, real PostgreSQL, orders by IPC.
 * Arguments: data folder, port (0 = any), time limit for sends in milliseconds, the database (none: an embedded one).
 */
const [dataDir = '', port = '0', sendTimeoutMs = '15000', databaseUrl] = process.argv.slice(2);
const log = createLogger('error');
const postgres =
  databaseUrl === undefined
    ? await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), log, onProgress: () => undefined })
    : { connectionString: databaseUrl, pid: 0, stop: async () => undefined };
const variables = {
  TRADEWIND_ADMIN_EMAIL: 'admin@shop.example',
  TRADEWIND_ADMIN_PASSWORD: 'a long enough password',
  TRADEWIND_DATA: dataDir,
};
const config = { ...parseConfig(variables, ['--no-demo', '--headless']), port: Number(port) };
const server = await startServer(config, {
  databaseUrl: postgres.connectionString,
  dataDir,
  log,
  sendTimeoutMs: Number(sendTimeoutMs),
});
process.send?.({ kind: 'ready', port: server.port, databaseUrl: postgres.connectionString, postgresPid: postgres.pid });

process.on('message', (message: { kind: string; paused?: boolean }) => {
  if (message.kind === 'pause') {
    server.setProcessingPaused(message.paused === true);
    process.send?.({ kind: 'done' });
  }
  if (message.kind === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send?.({ kind: 'usage', cpuMs: (user + system) / 1_000 });
  }
  if (message.kind === 'stop') void stop();
});
process.on('disconnect', () => void stop());

async function stop(): Promise<void> {
  await server.close();
  await postgres.stop();
  process.exit(0);
}
