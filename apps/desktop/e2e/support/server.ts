import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';

const SERVER = fileURLToPath(new URL('../../../sync-server/src/launch/index.ts', import.meta.url));

/** A real server with a data folder of its own. */
export interface Server {
  url: string;
  /** Where the first admin is made; null when the environment named one. */
  setupLink: string | null;
  /** Ends the server; the data stays until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a desk with nothing in it; `TRADEWIND_ADMIN_EMAIL` and `…_PASSWORD` make its admin. */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-e2e-'));
  await chmod(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const ready = env.TRADEWIND_ADMIN_EMAIL === undefined ? /(http:\S+\/#\/setup\/\S+)/ : /Console\s+(http:\/\/\S+)/;
  const args = ['--headless', '--no-demo', '--port', '0', '--data', join(folder, 'data')];
  const child = await startChild(SERVER, args, env, ready);
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= child.stop();
    return stopped;
  };
  return {
    url: new URL(child.ready).origin,
    setupLink: child.ready.includes('/#/setup/') ? child.ready : null,
    stop,
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
