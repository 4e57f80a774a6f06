import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BenchServer {
  port: number;
  databaseUrl: string;
  dataDir: string;
  /** Calls the API as the bench's admin. */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  token: string;
  setPaused(paused: boolean): Promise<void>;
  /** Processor time of the server's process so far, milliseconds; PostgreSQL is another process. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

/** @param env - added to the environment of server and PostgreSQL, such as LD_PRELOAD. */
export async function startBenchServer(env: Record<string, string> = {}): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-bench-'));
  await chmod(dataDir, 0o755); // PostgreSQL runs as another user where we are root
  return startIn(dataDir, [dataDir], env, () => rm(dataDir, { recursive: true, force: true }));
}

/** Another node beside a server, on its database and files. */
export function startBenchNode({ dataDir, databaseUrl }: BenchServer): Promise<BenchServer> {
  return startIn(dataDir, [dataDir, '0', '15000', databaseUrl], {}, async () => undefined);
}

async function startIn(
  dataDir: string,
  args: string[],
  env: Record<string, string>,
  cleanUp: () => Promise<void>,
): Promise<BenchServer> {
  const child = startChild('../../apps/sync-server/test/server-process.ts', env, args);
  const ready = (await nextMessage(child)) as { port: number; databaseUrl: string };
  const base = `http://127.0.0.1:${ready.port}`;
  const login = await fetch(`${base}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@shop.example', password: 'a long enough password' }),
  });
  const { token } = (await login.json()) as { token: string };
  return {
    ...ready,
    dataDir,
    token,
    api: async (method, path, body) => {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      return answer;
    },
    setPaused: async (paused) => {
      child.send({ kind: 'pause', paused });
      await nextMessage(child);
    },
    cpuMs: async () => {
      child.send({ kind: 'usage' });
      return ((await nextMessage(child)) as { cpuMs: number }).cpuMs;
    },
    close: async () => {
      await end(child, { kind: 'stop' });
      await cleanUp();
    },
  };
}

export async function startBareServer(): Promise<{ port: number; close(): Promise<void> }> {
  const child = startChild('./bare-process.ts', {});
  const { port } = (await nextMessage(child)) as { port: number };
  return { port, close: () => end(child, null) };
}

function startChild(file: string, env: Record<string, string>, args: string[] = []): ChildProcess {
  return fork(new URL(file, import.meta.url), args, { env: { ...process.env, ...env } });
}

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`a benchmark process ended with code ${code}`));
    child.once('exit', fail);
    child.once('message', (message) => {
      child.off('exit', fail);
      resolve(message);
    });
  });
}

async function end(child: ChildProcess, message: { kind: string } | null): Promise<void> {
  const exited = once(child, 'exit');
  if (message) child.send(message);
  else child.disconnect();
  await exited;
}
