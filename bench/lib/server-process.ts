import { mkdtemp } from 'node:fs/promises';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../apps/sync-server/src/config/config.ts';
import { startEmbeddedPostgres } from '../../apps/sync-server/src/db/embedded/supervisor.ts';
import { startServer } from '../../apps/sync-server/src/main.ts';
import { createLogger } from '../../apps/sync-server/src/observability/logger.ts';

/** The measured server in a process of its own: real configuration, real embedded PostgreSQL, orders by IPC. */
const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-bench-'));
await chmod(dataDir, 0o755);
const log = createLogger('warn');
const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), log, onProgress: () => undefined });
const config = parseConfig({
  TRADEWIND_ADMIN_EMAIL: 'bench@example.com',
  TRADEWIND_ADMIN_PASSWORD: 'bench-password',
  TRADEWIND_DATA: dataDir,
}, ['--no-demo', '--headless', '--port', '0']);
const server = await startServer(config, { databaseUrl: postgres.connectionString, dataDir, log });
process.send?.({ kind: 'ready', port: server.port, databaseUrl: postgres.connectionString, dataDir });

process.on('message', (message: { kind: string; paused?: boolean }) => {
  if (message.kind === 'pause') {
    server.setProcessingPaused(message.paused === true);
    process.send?.({ kind: 'done' });
  }
  if (message.kind === 'stop') void stop();
});
process.on('disconnect', () => void stop());

async function stop(): Promise<void> {
  await server.close();
  await postgres.stop();
  process.exit(0);
}
