import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultLab, startFaultLab } from '@tradewind/fault-lab/lab';
import { createRandom } from '@tradewind/shared/testing/random';
import { afterAll, beforeAll, test, vi } from 'vitest';
import { findFreePort } from '../src/db/embedded/port.ts';
import { readPidFile } from '../src/db/embedded/postmaster.ts';
import { isPostmaster } from '../src/db/embedded/processes.ts';
import { ShopLoad } from './shop-load.ts';

// Each round kills something. Three rounds, one of each kind, in everyday runs; CRASH_ROUNDS=20 for the long one.
const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3);
const EVENTS_PER_SECOND = 500;
const random = createRandom(20_260_101);
const victims = ['server', 'postgres', 'both'] as const;

interface Running {
  child: ChildProcess;
  databaseUrl: string;
  postgresPid: number;
}

let dataDir: string;
let port: number;
let lab: FaultLab;
let running: Running;
let load: ShopLoad;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tradewind-crash-'));
  await chmod(dataDir, 0o755);
  port = await findFreePort();
  lab = await startFaultLab();
  running = await start();
  load = new ShopLoad(lab, random, () => [`http://127.0.0.1:${port}`]);
  await load.prepare();
});
afterAll(async () => {
  running.child.send({ kind: 'stop' });
  await once(running.child, 'exit');
  await lab.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<Running> {
  const child = fork(new URL('./server-process.ts', import.meta.url), [dataDir, String(port), '1000'], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the server ended with code ${code} while starting`)),
    ),
  ])) as [Omit<Running, 'child'>];
  return { child, ...ready };
}

test(`[R1][R2][R11] kill -9 of server, PostgreSQL and both, ${ROUNDS} times under ${EVENTS_PER_SECOND} events/s`, {
  timeout: 120_000 + ROUNDS * 40_000,
  retry: 0, // what is lost or doubled once in many runs is a bug too
}, async () => {
  load.start(EVENTS_PER_SECOND);
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(400 + random() * 1_200);
    const victim = victims[round % victims.length] ?? 'both';
    if (victim !== 'server') await killPostmaster();
    if (victim !== 'postgres') {
      const gone = once(running.child, 'exit');
      running.child.kill('SIGKILL');
      await gone;
      running = await start();
    }
  }
  await sleep(1_000);
  await load.stop();
  await load.check(running.databaseUrl);
});

/** The one that runs now; after the round before it may still be on its way up again. */
async function killPostmaster(): Promise<void> {
  const pid = await vi.waitFor(async () => {
    const found = await readPidFile(join(dataDir, 'postgres', 'cluster'));
    if (!found || !(await isPostmaster(found.pid, found.dataDir))) throw new Error('PostgreSQL does not run');
    return found.pid;
  });
  process.kill(pid, 'SIGKILL');
}
