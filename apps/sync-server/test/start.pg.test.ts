import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readPidFile } from '../src/db/embedded/postmaster.ts';
import { isPostmaster } from '../src/db/embedded/processes.ts';

// `npm start` as a person runs it: the script, the real server and the sample shop.
const START = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));
const BUILD = fileURLToPath(new URL('../../../scripts/build.mjs', import.meta.url));
const READY_TIMEOUT_MS = 240_000;

interface Started {
  child: ChildProcess;
  stdout: Readable;
  output: { stdout: string; stderr: string };
  ended: Promise<number | null>;
}

let folder: string;
let started: Started[];

// The set-up may have things to say; after it, a start that succeeds writes nothing to standard error.
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [BUILD]);
}, READY_TIMEOUT_MS);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-start-'));
  await chmod(folder, 0o755);
  started = [];
});

afterEach(async () => {
  for (const { child } of started) if (child.exitCode === null) child.kill('SIGTERM');
  await Promise.all(started.map(({ ended }) => ended));
  await rm(folder, { recursive: true, force: true });
});

function start(nodeArguments: string[], ...argv: string[]): Started {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [...nodeArguments, START, '--headless', ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const one = { child, stdout: child.stdout, output, ended: once(child, 'close').then(([code]) => code) };
  started.push(one);
  return one;
}

/** @returns the console's address, as the summary names it. */
async function waitUntilRunning(one: Started): Promise<string> {
  while (one.child.exitCode === null && !one.output.stdout.includes('Data folder')) {
    await Promise.race([once(one.stdout, 'data'), one.ended]);
  }
  const address = /Console +(http:\/\/127\.0\.0\.1:\d+)/.exec(one.output.stdout)?.[1];
  if (address === undefined) throw new Error(`the start failed:\n${one.output.stdout}\n${one.output.stderr}`);
  return address;
}

function findPrinted(one: Started, name: string): string[] {
  return [...one.output.stdout.matchAll(new RegExp(`^  ${name} +(\\S+)`, 'gm'))].map((match) => match[1] ?? '');
}

async function logIn(address: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${address}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { token: string }).token;
}

async function countConversations(address: string, token: string): Promise<number> {
  const response = await fetch(`${address}/api/conversations?limit=200`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { items: unknown[] }).items.length;
}

test(
  'npm start: the printed logins work, the desk is lived in, a second start is refused, Ctrl-C leaves nothing, data stays',
  async () => {
    const data = join(folder, 'demo');
    const first = start([], '--port', '0', '--data', data);
    const address = await waitUntilRunning(first);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await (await fetch(address)).text()).toContain('<html');
    const [password = ''] = findPrinted(first, 'Password');
    const [admin = ''] = findPrinted(first, 'Admin');
    const agents = findPrinted(first, 'Agent');
    expect(agents).toHaveLength(3);
    const token = await logIn(address, admin, password);
    for (const agent of agents) await logIn(address, agent, password);
    const conversations = await countConversations(address, token);
    expect(conversations).toBeGreaterThan(5);

    const second = start([], '--port', '0', '--data', data);
    expect(await second.ended).toBe(1);
    expect(second.output.stderr.trimEnd()).toMatch(/^Another Tradewind \(process \d+\) is already using .*\.$/);

    const cluster = join(data, 'postgres', 'cluster');
    const postmaster = await readPidFile(cluster);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(postmaster && (await isPostmaster(postmaster.pid, cluster))).toBe(false);
    expect(first.output.stderr).toBe('');

    const third = start([], '--port', '0', '--data', data);
    const again = await waitUntilRunning(third);
    const [otherAgent = ''] = agents;
    expect(await countConversations(again, await logIn(again, otherAgent, password))).toBeGreaterThanOrEqual(
      conversations,
    );
  },
  2 * READY_TIMEOUT_MS,
);

test(
  'the end of a killed start script reaches the product: nothing is left',
  async () => {
    const data = join(folder, 'demo');
    const one = start([], '--port', '0', '--data', data);
    await waitUntilRunning(one);
    one.child.kill('SIGKILL');
    await one.ended; // the output ends when the product does
    expect(await readPidFile(join(data, 'postgres', 'cluster'))).toBeNull();
  },
  READY_TIMEOUT_MS,
);

test('a Node too old is one sentence', async () => {
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'18.20.4'}})`;
  const one = start(['--import', pretend]);
  expect(await one.ended).toBe(1);
  expect(one.output.stderr.trimEnd()).toMatch(/^Tradewind needs Node 20 or newer, this is 18\.20\.4: .*\.$/);
  expect(one.output.stdout).toBe('');
});
