import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { createLogger } from '../observability/logger.ts';

const LIMIT_BYTES = 20 * 1024 * 1024;

/**
 * Opens the log: standard output for a headless desk, where a service manager keeps it, else a file in the data folder, so
 * that the terminal stays readable. A large file is set aside at the start.
 */
export async function openLog(config: Config, dataDir: string): Promise<{ log: Logger; logFile: string | null }> {
  if (config.mode === 'desk' && config.headless) return { log: createLogger(config.logLevel), logFile: null };
  const logFile = join(dataDir, 'tradewind.log');
  const size = await stat(logFile).then(
    (info) => info.size,
    () => 0,
  );
  if (size > LIMIT_BYTES) await rename(logFile, `${logFile}.1`);
  const destination = pino.destination({ dest: logFile, sync: true, mode: 0o600 });
  return { log: createLogger(config.logLevel, destination), logFile };
}
