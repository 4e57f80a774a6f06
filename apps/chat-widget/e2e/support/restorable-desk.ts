import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startChild } from '../../../desktop/e2e/support/child.ts';

const SERVER = fileURLToPath(new URL('../../../sync-server/src/launch/index.ts', import.meta.url));
const script = (name: string) => fileURLToPath(new URL(`../../../../scripts/${name}.mjs`, import.meta.url));
const run = promisify(execFile);

/** A server that is killed, comes back, and is set back to a backup, all at one address. */
export interface RestorableDesk {
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** As a power cut does. */
  kill(): Promise<void>;
  /** While the server works. */
  backUp(): Promise<void>;
  /** Into a new folder, which the next start is on; the server must be stopped. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** @param env - names the admin. */
export async function startRestorableDesk(env: Readonly<Record<string, string>>): Promise<RestorableDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-restored-'));
  await chmod(folder, 0o755); // PostgreSQL runs as another user where the tests run as root
  const archive = join(folder, 'backup.tar.gz');
  let data = join(folder, 'data');
  const launch = (port: string) =>
    startChild(SERVER, ['--headless', '--no-demo', '--port', port, '--data', data], env, /Console\s+(http:\/\/\S+)/);
  let server = await launch('0');
  const { origin, port } = new URL(server.ready);
  return {
    url: origin,
    async start() {
      server = await launch(port);
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    async backUp() {
      await run(process.execPath, [script('backup'), '--data', data, '--out', archive]);
    },
    async restore() {
      const key = join(data, 'secret.key');
      data = join(folder, 'restored');
      await mkdir(data);
      await copyFile(key, join(data, 'secret.key'));
      const { uid, gid } = await stat(key);
      await chown(join(data, 'secret.key'), uid, gid);
      await run(process.execPath, [script('restore'), archive, '--data', data]);
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
