import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPidFile } from '../db/embedded/postmaster.ts';
import { isPostmaster } from '../db/embedded/processes.ts';

const PROBE = fileURLToPath(new URL('../../test/launch-probe.ts', import.meta.url));

interface Launched {
  child: ChildProcess;
  stdout: Readable;
  /** Everything written so far. */
  output: { stdout: string; stderr: string };
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

let folder: string;
let launched: Launched[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-launch-'));
  await chmod(folder, 0o755);
  launched = [];
});

afterEach(async () => {
  for (const { child } of launched) if (child.exitCode === null) child.kill('SIGTERM');
  await Promise.all(launched.map(({ ended }) => ended));
  await rm(folder, { recursive: true, force: true });
});

function start(...argv: string[]): Launched {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [PROBE, '--headless', ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the launch has no output to read');
  const output = { stdout: '', stderr: '' };
  stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  // Not 'close': it never comes once we have closed the channel ourselves.
  const ended = Promise.all([once(child, 'exit'), finished(stdout), finished(stderr)]);
  const one = { child, stdout, output, ended: ended.then(([[code]]) => code) };
  launched.push(one);
  return one;
}

async function startRunning(...argv: string[]): Promise<Launched> {
  const one = start(...argv);
  await Promise.race([
    one.ended,
    (async () => {
      while (!one.output.stdout.includes('Data folder')) await once(one.stdout, 'data');
    })(),
  ]);
  expect(one.output.stderr).toBe('');
  return one;
}

async function expectNothingLeft(data: string): Promise<void> {
  const cluster = join(data, 'postgres', 'cluster');
  expect(await readPidFile(cluster)).toBeNull();
}

/** Exactly one line on standard error, and an exit code that tells of failure. */
async function expectSentence(one: Launched, sentence: RegExp): Promise<void> {
  expect(await one.ended).toBe(1);
  expect(one.output.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(sentence)]);
}

test('Ctrl-C ends server, shop and PostgreSQL in this order, and the next start finds the data', async () => {
  const data = join(folder, 'demo');
  const first = await startRunning('--port', '0', '--data', data);
  expect(first.output.stdout).toContain(data);
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(first.output.stdout.match(/closed: \w+/g)).toEqual(['closed: server', 'closed: shop']);
  await expectNothingLeft(data);
  const password = await readFile(join(data, 'postgres', 'password'), 'utf8');

  const second = await startRunning('--port', '0', '--data', data);
  expect(second.output.stdout).not.toContain('Creating the database');
  expect(await readFile(join(data, 'postgres', 'password'), 'utf8')).toBe(password);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
});

test('the end of the process that started it ends it too', async () => {
  const data = join(folder, 'demo');
  const one = await startRunning('--port', '0', '--data', data);
  one.child.disconnect();
  expect(await one.ended).toBe(0);
  await expectNothingLeft(data);
});

test('Ctrl-C in the middle of the start leaves nothing and tells no failure', async () => {
  const data = join(folder, 'demo');
  const one = start('--port', '0', '--data', data);
  while (!one.output.stdout.includes('Creating the database')) await once(one.stdout, 'data');
  one.child.kill('SIGINT');
  expect(await one.ended).toBe(0);
  expect(one.output.stderr).toBe('');
  await expectNothingLeft(data);
});

test('a killed launch leaves a PostgreSQL that the next one adopts and ends', async () => {
  const data = join(folder, 'demo');
  const first = await startRunning('--port', '0', '--data', data);
  first.child.kill('SIGKILL');
  await first.ended;
  const left = await readPidFile(join(data, 'postgres', 'cluster'));
  if (left === null) throw new Error('PostgreSQL did not outlive the launch');
  expect(await isPostmaster(left.pid, left.dataDir)).toBe(true);

  const second = await startRunning('--port', '0', '--data', data);
  expect((await readPidFile(left.dataDir))?.pid).toBe(left.pid);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
  expect(await isPostmaster(left.pid, left.dataDir)).toBe(false);
});

test('a second instance on the same data is refused in one sentence', async () => {
  const data = join(folder, 'demo');
  const first = await startRunning('--port', '0', '--data', data);
  const second = start('--port', '0', '--data', data);
  await expectSentence(second, /^Another Tradewind \(process \d+\) is already using the data folder .*demo/);
  expect(first.child.exitCode).toBeNull();
});

test('a taken port is refused in one sentence, before PostgreSQL is started', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const one = start('--port', String(port), '--data', join(folder, 'demo'));
  await expectSentence(one, new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is already in use`));
  expect(one.output.stdout).not.toContain('PostgreSQL');
  taken.close();
});

test('a folder of the other mode is refused in one sentence', async () => {
  const data = join(folder, 'demo');
  const first = await startRunning('--port', '0', '--data', data);
  first.child.kill('SIGINT');
  await first.ended;
  await expectSentence(
    start('--port', '0', '--data', data, '--no-demo'),
    /belongs to the demo: start it without --no-demo/,
  );
});

test('an unknown flag and a wrong port are refused in one sentence', async () => {
  await expectSentence(start('--colour'), /^--colour: unknown flag/);
  await expectSentence(start('--port', '99999'), /^--port: must be a whole number/);
});
