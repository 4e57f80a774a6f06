import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, parseConfig } from '../config/config.ts';
import { type FolderLock, lockFolder } from '../db/embedded/lock.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../db/embedded/supervisor.ts';
import { openDataFolder } from './data-folder.ts';
import { DEMO_ADMIN } from './demo-logins.ts';
import { describeFailure } from './failure.ts';
import { findExposure } from './find-exposure.ts';
import { openLog } from './log-file.ts';
import { openConsole } from './open-console.ts';
import { listenForStop } from './stop-request.ts';
import { formatSummary } from './summary.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What runs, each part with its own end. */
interface Parts {
  lock?: FolderLock;
  postgres?: EmbeddedPostgres;
  server?: { close(): Promise<void> };
  demo?: { close(): Promise<void> };
}

/** The server and the sample shop, as this module needs them; `index.ts` hands in the real ones. */
export interface Products {
  startServer(
    config: Config,
    options: { databaseUrl: string; dataDir: string; log: Logger },
  ): Promise<{ address: string; setupLink: string | null; close(): Promise<void> }>;
  startDemo(options: {
    serverUrl: string;
    admin: { email: string; password: string };
    log: (message: string) => void;
    onProgress: (line: string) => void;
    signal: AbortSignal;
  }): Promise<{ labUrl: string; close(): Promise<void> }>;
  /** Moves what the sample shop has just written back over the past days. */
  spreadSample(databaseUrl: string, sinceMs: number): Promise<void>;
}

/**
 * Starts Tradewind, waits for the wish to end it, and ends it in order.
 *
 * @returns the process's exit code; a failure has been told in one sentence on standard error.
 */
export async function launch(env: Environment, argv: readonly string[], products: Products): Promise<number> {
  const parts: Parts = {};
  const stop = listenForStop(() => {
    parts.postgres?.stopNow();
    process.exit(1);
  });
  let config: Config | null = null;
  try {
    config = parseConfig(env, argv);
    await start(config, env, parts, products, stop);
    if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
    return await end(parts);
  } catch (error) {
    // Being told to stop in the middle of the start is no failure.
    if (!stop.aborted) process.stderr.write(`${describeFailure(error, config)}\n`);
    const code = await end(parts);
    return stop.aborted ? code : 1;
  }
}

async function start(
  config: Config,
  env: Environment,
  parts: Parts,
  products: Products,
  stop: AbortSignal,
): Promise<void> {
  const dataDir = await openDataFolder(config, say);
  if (config.databaseUrl === null) parts.lock = await lockFolder(dataDir);
  await assertCanListen(config);
  const { log, logFile } = await openLog(config, dataDir);

  let databaseUrl = config.databaseUrl;
  if (databaseUrl === null) {
    say('Starting PostgreSQL');
    const options = { dataDir: join(dataDir, 'postgres'), log, onProgress: say, signal: stop };
    parts.postgres = await startEmbeddedPostgres(options);
    databaseUrl = parts.postgres.connectionString;
  }
  stop.throwIfAborted();

  say('Starting the server');
  const isDemo = config.mode === 'demo';
  const server = await products.startServer(isDemo ? { ...config, admin: DEMO_ADMIN } : config, {
    databaseUrl,
    dataDir,
    log,
  });
  parts.server = server;
  stop.throwIfAborted();

  let labUrl: string | null = null;
  if (isDemo) {
    say('Opening the sample shop');
    const openedAt = Date.now();
    const demo = await products.startDemo({
      serverUrl: server.address,
      admin: DEMO_ADMIN,
      log: (message) => log.warn({ event: 'demo.mishap' }, message),
      onProgress: say,
      signal: stop,
    });
    parts.demo = demo;
    labUrl = demo.labUrl;
    await products
      .spreadSample(databaseUrl, openedAt)
      .catch((error: unknown) =>
        log.warn({ event: 'demo.mishap', err: error }, 'the sample shop keeps the times of its making'),
      );
  }
  stop.throwIfAborted();

  const { address, setupLink } = server;
  const problems = findExposure(config);
  say(formatSummary({ address, publicUrl: config.publicUrl, dataDir, logFile, labUrl, setupLink, problems }));
  if (config.headless) return;
  const link = address + (setupLink === null ? '' : new URL(setupLink).hash);
  await openConsole({ env, link, dataDir, say, signal: stop });
}

/** The server first, so that nothing is accepted that nobody would carry out; PostgreSQL and the folder last. */
async function end(parts: Parts): Promise<number> {
  if (parts.server ?? parts.postgres) say('Stopping');
  let code = 0;
  const steps = [
    () => parts.server?.close(),
    () => parts.demo?.close(),
    () => parts.postgres?.stop(),
    () => parts.lock?.release(),
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      process.stderr.write(`${describeFailure(error, null)}\n`);
      code = 1;
    }
  }
  return code;
}

/** A taken port is told before the work of starting, not after. */
function assertCanListen({ bind, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, bind, () => probe.close(() => resolve()));
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
