import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperatorLink, listAgents } from '../src/admin/orders.ts';
import { prepareDesk, rememberPublicUrl } from '../src/auth/bootstrap.ts';
import { readPidFile } from '../src/db/embedded/postmaster.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

// `npm run admin` as a person runs it, beside a real desk: its server running, stopped, and on a PostgreSQL of one's own.
const ADMIN = fileURLToPath(new URL('../../../scripts/admin.mjs', import.meta.url));
const LAUNCH = fileURLToPath(new URL('../src/launch/index.ts', import.meta.url));
const EMAIL = 'root@shop.example';

let folder: string;
let data: string;
let server: ChildProcess | null = null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-admin-'));
  await chmod(folder, 0o755);
  data = join(folder, 'desk');
  await admin([]); // the set-up may have things to say; after it, a command prints its answer alone
});
afterAll(async () => {
  if (server) await stop();
  await rm(folder, { recursive: true, force: true });
});

const { DATABASE_URL: _, ...env } = process.env;

/** @returns what the start printed. */
async function start(): Promise<string> {
  const argv = [LAUNCH, '--headless', '--no-demo', '--port', '0', '--data', data];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  server = child;
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  while (child.exitCode === null && !output.includes('Data folder')) await once(child.stdout, 'data');
  await new Promise((resolve) => setImmediate(resolve));
  return output;
}

async function stop(): Promise<void> {
  const child = server;
  server = null;
  if (!child || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

async function admin(argv: string[], variables: Record<string, string> = {}) {
  const run = promisify(execFile)(process.execPath, [ADMIN, ...argv], { env: { ...env, ...variables } });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const addressIn = (output: string) => /Console +(\S+)/.exec(output)?.[1] ?? '';
const isRunning = async () => (await readPidFile(join(data, 'postgres', 'cluster'))) !== null;

async function redeem(address: string, printed: string, password: string): Promise<number> {
  return (await post(`${address}/api/auth/reset`, { token: printed.split('\n')[0]?.split('/').at(-1), password }))
    .status;
}

test('the printed link makes the first admin; then people are listed and passwords reset, server running or not', async () => {
  const output = await start();
  const address = addressIn(output);
  const code = new RegExp(`^ {2}${address}/#/setup/(\\S+)$`, 'm').exec(output)?.[1];
  const first = { code, email: EMAIL, name: 'Root', password: 'long enough', deskName: 'Shop', timeZone: 'UTC' };
  expect((await post(`${address}/api/setup`, first)).status).toBe(201);
  expect(await admin(['list', '--data', data])).toEqual({ code: 0, stdout: `${EMAIL}  admin  -  Root\n`, stderr: '' });

  const running = await admin(['reset', ' Root@Shop.example', '--data', data]);
  expect(running).toMatchObject({ code: 0, stderr: '' });
  expect(running.stdout).toMatch(
    new RegExp(`^${address}/#/reset/tw_[\\w-]{43}\\nThe link works once, for one hour\\.\\n$`),
  );
  expect(await redeem(address, running.stdout, 'the second password')).toBe(200);
  expect(await redeem(address, running.stdout, 'the third password')).toBe(404);
  await stop();

  const stopped = await admin(['reset', EMAIL, '--data', data], { TRADEWIND_PUBLIC_URL: 'https://desk.shop.example/' });
  expect(stopped).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(/^https:\/\/desk\.shop\.example\/#\/reset\/tw_/),
  });
  expect(await isRunning()).toBe(false);

  const again = await start();
  expect(again).not.toContain('/#/setup/');
  expect(await redeem(addressIn(again), stopped.stdout, 'the third password')).toBe(200);
  await stop();
}, 120_000);

test('an unknown mail address and an order that cannot be read are refused in one sentence', async () => {
  const refusal = async (...argv: string[]) => {
    const { code, stdout, stderr } = await admin([...argv, '--data', data]);
    expect([code, stdout]).toEqual([1, '']);
    return stderr;
  };
  expect(await refusal('reset', 'nobody@shop.example')).toMatch(
    /^No agent has the mail address nobody@shop\.example: .+\.\n$/,
  );
  expect(await refusal('reset')).toMatch(/^Say what to do \(usage: npm run admin .+\)\.\n$/);
}, 120_000);

test('a folder without a desk is refused in one sentence', async () => {
  const { code, stderr } = await admin(['list', '--data', join(folder, 'nothing')]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^There is no desk in .+nothing: .+\.\n$/);
});

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('with DATABASE_URL no data folder is needed, and codes are removed for whoever lost them', async () => {
  const { db, connectionString: DATABASE_URL } = database;
  await prepareDesk(db, {
    ...{ mode: 'desk', keyFingerprint: 'k', now: Date.now },
    admin: { email: EMAIL, password: 'long enough' },
  });
  await rememberPublicUrl(db, 'http://127.0.0.1:7373');
  await db
    .updateTable('agents')
    .set({ totp_secret: Buffer.alloc(1), totp_since: 1, recovery_hashes: [Buffer.alloc(32)] })
    .execute();
  expect((await admin(['list'], { DATABASE_URL })).stdout).toBe(`${EMAIL}  admin  log-in codes  root\n`);
  expect((await admin(['remove-totp', EMAIL], { DATABASE_URL })).stdout).toBe(`${EMAIL} logs in without codes now.\n`);
  expect(await listAgents(db)).toEqual([`${EMAIL}  admin  -  root`]);
  expect((await admin(['reset', EMAIL], { DATABASE_URL })).stdout).toMatch(
    /^http:\/\/127\.0\.0\.1:7373\/#\/reset\/tw_/,
  );
  const audit = await db.selectFrom('audit').selectAll().where('actor', '=', 'operator').execute();
  expect(audit.map((row) => row.action)).toEqual(['totp.remove', 'password.reset-link']);
  await db.updateTable('agents').set({ disabled: true }).execute();
  await expect(createOperatorLink(db, EMAIL, null, Date.now())).rejects.toThrow(/^This agent is disabled: .+\.$/);
  await database.pool.query('delete from schema_version where version > 1');
  expect((await admin(['list'], { DATABASE_URL })).stderr).toMatch(
    /^The database has schema version 1, .+ Start Tradewind once, and try again\.\n$/,
  );
}, 120_000);

test('a PostgreSQL out of reach is told in one sentence', async () => {
  const { code, stderr } = await admin(['list'], { DATABASE_URL: 'postgres://x:secret@127.0.0.1:9/desk' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The PostgreSQL of DATABASE_URL cannot be used: .+\.\n$/);
  expect(stderr).not.toContain('secret');
});
