import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { isPostmaster, signal } from './processes.ts';
import type { Programs, RunAs } from './programs.ts';
import { postgresArguments } from './settings.ts';

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;
const WATCH_INTERVAL_MS = 250;
const FAST_SHUTDOWN_MS = 60_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/** A running PostgreSQL: one we started, or one that outlived the process that did. */
export interface Postmaster {
  pid: number;
  port: number;
  /** Resolves when the process is gone, with the reason it gave in its log, if it gave one. */
  gone: Promise<string>;
}

/** What a postmaster writes about itself into its data folder; null when there is none or it is not complete yet. */
export async function readPidFile(cluster: string): Promise<{ pid: number; dataDir: string; port: number } | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, dataDir, , port] = text.split('\n');
  return pid && dataDir && port && Number(pid) > 0 ? { pid: Number(pid), dataDir, port: Number(port) } : null;
}

/**
 * Starts PostgreSQL in a process session of its own, so that Ctrl-C in a terminal reaches the server alone, which then stops
 * it last. It writes into a file, not into a pipe of ours, which would break with us.
 */
export async function spawnPostmaster(
  programs: Programs,
  cluster: Cluster,
  runAs: RunAs,
  port: number,
): Promise<Postmaster> {
  await rotateLog(cluster.logFile);
  await removeEmptyPidFile(cluster.folder);
  const stalePid = (await readPidFile(cluster.folder))?.pid;
  const log = openSync(cluster.logFile, 'a', 0o600);
  const logStart = fstatSync(log).size;
  try {
    const child = spawn(programs.postgres, postgresArguments(cluster.folder, port), {
      ...runAs,
      cwd: cluster.folder,
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH,
        LC_ALL: 'C',
        // Our caller has made sure that this pid is no postmaster of this folder; PostgreSQL sees only that it is alive and
        // would refuse to start. As a "grandparent" it is passed over, and the check for surviving backends still happens,
        // which deleting postmaster.pid would disable (src/backend/utils/init/miscinit.c, CreateLockFile).
        ...(stalePid === undefined ? {} : { PG_GRANDPARENT_PID: String(stalePid) }),
      },
    });
    const exited = once(child, 'exit');
    exited.catch(() => undefined); // a failed spawn is reported by the next line
    await once(child, 'spawn');
    child.unref();
    if (child.pid === undefined) throw new Error('PostgreSQL has no process id');
    return { pid: child.pid, port, gone: exited.then(() => lastReason(cluster.logFile, logStart)) };
  } finally {
    closeSync(log);
  }
}

/** Watches a postmaster that is not our child. */
export function watchPostmaster(pid: number, port: number, cluster: string): Postmaster {
  const gone = (async () => {
    while (await isPostmaster(pid, cluster)) await sleep(WATCH_INTERVAL_MS, undefined, { ref: false });
    return '';
  })();
  return { pid, port, gone };
}

/** Fast shutdown (open transactions are rolled back), then immediate (recovers at the next start), then by force. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  const gone = postmaster.gone.then(() => true);
  // Its number may belong to another process by now.
  if (await Promise.race([gone, sleep(0, false)])) return;
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', FAST_SHUTDOWN_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_MS],
    ['SIGKILL', IMMEDIATE_SHUTDOWN_MS],
  ];
  for (const [name, graceMs] of steps) {
    signal(postmaster.pid, name);
    const waiting = new AbortController();
    const timeout = sleep(graceMs, false, { signal: waiting.signal }).catch(() => false);
    const stopped = await Promise.race([gone, timeout]);
    waiting.abort();
    if (stopped) return;
  }
  throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`);
}

/** A crash between making and writing the file leaves it empty, and PostgreSQL asks a person what to do about it. */
async function removeEmptyPidFile(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const info = await stat(path).catch(() => null);
  if (info?.size === 0) await rm(path, { force: true });
}

async function rotateLog(path: string): Promise<void> {
  const size = await stat(path).then(
    (info) => info.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
}

/** The last complaint PostgreSQL wrote after `start`, without its time and process id. */
async function lastReason(path: string, start: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(start, size - 8192);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    const line =
      lines.findLast((text) => /\b(FATAL|PANIC):/.test(text)) ?? lines.findLast((text) => text.trim() !== '');
    return (line ?? '').replace(/^.*?\b(FATAL|PANIC): +/, '').trim();
  } finally {
    await file.close();
  }
}
