import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPidFile } from './postmaster.ts';
import { isPostmaster } from './processes.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './supervisor.ts';

const isRoot = process.getuid?.() === 0;
const SUPERVISE = fileURLToPath(new URL('../../../test/supervise.ts', import.meta.url));

let dataDir: string;
let children: ChildProcess[];
let running: EmbeddedPostgres[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tradewind-embedded-'));
  children = [];
  running = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const postgres of running) await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    log: pino({ level: 'silent' }),
    onProgress: () => undefined,
  });
  running.push(postgres);
  return postgres;
}

async function startInOwnProcess(): Promise<{ child: ChildProcess; connectionString: string; pid: number }> {
  const child = spawn(process.execPath, [SUPERVISE, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  return { child, ...JSON.parse(String(line)) };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function query<T extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (const giveUpAt = Date.now() + 30_000; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await sleep(50);
    }
  }
}

test('[R1] PostgreSQL killed again and again under load keeps every acknowledged row and its address', async () => {
  const postgres = await start();
  const { connectionString } = postgres;
  await query(connectionString, 'create table acknowledged (n integer primary key)');
  const pool = new pg.Pool({ connectionString, max: 4 });
  pool.on('error', () => undefined);
  const acknowledged: number[] = [];
  let next = 0;
  let writing = true;
  const writers = Array.from({ length: 4 }, async () => {
    while (writing) {
      const n = ++next;
      const written = await pool.query('insert into acknowledged values ($1)', [n]).catch(() => null);
      if (written) acknowledged.push(n);
      else await sleep(20);
    }
  });
  for (let round = 0; round < 5; round += 1) {
    const { length } = acknowledged;
    await eventually(async () => expect(acknowledged.length).toBeGreaterThan(length + 20));
    const { pid } = postgres;
    process.kill(pid, 'SIGKILL');
    await eventually(async () => expect(postgres.pid).not.toBe(pid));
  }
  writing = false;
  await Promise.all(writers);
  const kept = new Set((await pool.query<{ n: number }>('select n from acknowledged')).rows.map((row) => row.n));
  expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
  await pool.end();
});

test('a PostgreSQL that outlived its supervisor is adopted, supervised and stopped', async () => {
  const first = await startInOwnProcess();
  await query(first.connectionString, 'create table kept (n integer)');
  await kill(first.child);
  const second = await start();
  expect(second.pid).toBe(first.pid);
  expect(second.connectionString).toBe(first.connectionString);

  process.kill(second.pid, 'SIGKILL');
  await eventually(async () => expect(second.pid).not.toBe(first.pid));
  expect(await query(second.connectionString, 'select * from kept')).toEqual([]);

  const { pid } = second;
  await second.stop();
  expect(await isPostmaster(pid, join(dataDir, 'cluster'))).toBe(false);
});

test('stopping in the middle of a restart leaves no process', async () => {
  const postgres = await start();
  process.kill(postgres.pid, 'SIGKILL');
  await sleep(120);
  await postgres.stop();
  const left = await readPidFile(join(dataDir, 'cluster'));
  expect(left && (await isPostmaster(left.pid, left.dataDir))).toBeFalsy();
});

test('an adopted PostgreSQL is stopped although it is not our child', async () => {
  const first = await startInOwnProcess();
  await kill(first.child);
  const second = await start();
  expect(second.pid).toBe(first.pid);
  await second.stop();
  expect(await isPostmaster(first.pid, join(dataDir, 'cluster'))).toBe(false);
});

test('supervisor and PostgreSQL killed together: the next start finds the data', async () => {
  const first = await startInOwnProcess();
  await query(first.connectionString, 'create table kept as select 7 as n');
  process.kill(first.pid, 'SIGKILL');
  await kill(first.child);
  const second = await start();
  expect(await query(second.connectionString, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a PostgreSQL that is shutting down is waited for', async () => {
  const first = await startInOwnProcess();
  const client = new pg.Client({ connectionString: first.connectionString });
  client.on('error', () => undefined);
  await client.connect();
  await kill(first.child);
  process.kill(first.pid, 'SIGTERM'); // smart shutdown: it goes only when the last client has gone
  const starting = start();
  await sleep(500);
  await client.end();
  expect((await starting).pid).not.toBe(first.pid);
});

test('a stale postmaster.pid is no obstacle: its number belongs to another process by now, or it is empty', async () => {
  const first = await start();
  await first.stop();
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  await writeFile(pidFile, `${process.pid}\n${join(dataDir, 'cluster')}\n1\n5432\n\n127.0.0.1\n0 0\nready\n`);
  await chmod(pidFile, 0o644); // written by another user here than by PostgreSQL, which must read it
  const second = await start();
  await second.stop();

  await writeFile(pidFile, '');
  const third = await start();
  expect(await query(third.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a second supervisor of the same folder is refused by name, and the first goes on', async () => {
  const first = await start();
  await expect(start()).rejects.toThrow(
    `Another Tradewind (process ${process.pid}) is already using the data folder ${dataDir}`,
  );
  expect(await query(first.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  await first.stop();
  await start();
});

test('a first start that was interrupted leaves nothing that looks finished', async () => {
  await mkdir(join(dataDir, 'cluster.part'));
  await writeFile(join(dataDir, 'cluster.part', 'PG_VERSION'), '18\n');
  await writeFile(join(dataDir, 'password'), 'of the interrupted start\n');
  const postgres = await start();
  expect(await query(postgres.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('[R16] the password and the log are for the owner alone, and listening is on 127.0.0.1 only', async () => {
  const { connectionString } = await start();
  for (const name of ['password', 'postgres.log']) {
    expect((await stat(join(dataDir, name))).mode & 0o077).toBe(0);
  }
  expect(await query(connectionString, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  const wrong = connectionString.replace(/:[0-9a-f]{48}@/, ':wrong@');
  await expect(query(wrong, 'select 1')).rejects.toThrow('password authentication failed');
});

test('PostgreSQL logs no statement and no value', async () => {
  const { connectionString } = await start();
  await query(connectionString, 'create table people (address text unique)');
  const insert = `insert into people values ('ann@example.com')`;
  await query(connectionString, insert);
  await expect(query(connectionString, insert)).rejects.toThrow('duplicate key');
  const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
  expect(log).toContain('duplicate key');
  expect(log).not.toContain('ann@example.com');
});

test('a lost or changed password is told in one sentence', async () => {
  const first = await startInOwnProcess();
  await kill(first.child);
  const file = join(dataDir, 'password');
  const password = await readFile(file, 'utf8');
  await writeFile(file, 'another\n');
  await expect(start()).rejects.toThrow(/^The password kept in .* does not open the database there\.$/);
  await rm(file);
  await expect(start()).rejects.toThrow(/^The database in .* its password file .* cannot be read\.$/);
  await writeFile(file, password);
  await start();
});

test('a PostgreSQL that cannot start says why in one sentence', async () => {
  const first = await start();
  await first.stop();
  await rm(join(dataDir, 'cluster', 'global', 'pg_control'));
  await expect(start()).rejects.toThrow(/^PostgreSQL did not start: .*pg_control.* \(its log is .*postgres\.log\)\.$/);
});

test('a folder that cannot be made is told in one sentence', async () => {
  await writeFile(join(dataDir, 'file'), '');
  const log = pino({ level: 'silent' });
  const failing = startEmbeddedPostgres({ dataDir: join(dataDir, 'file', 'data'), log, onProgress: () => undefined });
  await expect(failing).rejects.toThrow(/^The data folder .* cannot be written \(ENOTDIR\)\.$/);
});

test.skipIf(!isRoot)('as root, a folder that the user of PostgreSQL cannot reach is told in one sentence', async () => {
  const closed = join(dataDir, 'closed');
  await mkdir(closed, { mode: 0o700 });
  const log = pino({ level: 'silent' });
  const failing = startEmbeddedPostgres({ dataDir: join(closed, 'data'), log, onProgress: () => undefined });
  await expect(failing).rejects.toThrow(/^PostgreSQL never runs as root, and its user \(uid 65534\) may not enter/);
});
