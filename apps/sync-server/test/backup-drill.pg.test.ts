import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { encodeUrlencoded } from '@tradewind/fault-lab/http/encode-form';
import { signMailgun } from '@tradewind/fault-lab/mailgun/sign';
import type { ChangesPage } from '@tradewind/shared/protocol/sync';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { reachEmbeddedPostgres } from '../src/db/embedded/reach.ts';
import { markFolder } from '../src/launch/data-folder.ts';
import { type RunningServer, startServer } from '../src/main.ts';
import { makeFolder } from './backed-up-desk.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';
import { readTableDigests } from './table-digests.ts';

// The whole way, with real processes: a desk on its embedded PostgreSQL is backed up under load, restored to a PostgreSQL of
// its own, worked on there, and brought back into a folder.

const PASSWORD = 'a long enough password';
const silent = pino({ level: 'silent' });

let folder: string;
let removeFolder: () => Promise<void>;
let target: TestDatabase;
let source: ChildProcess;
let sourceUrl: string;
let sourceDatabaseUrl: string;
let channelId: string;
let moved: RunningServer | null = null;

beforeAll(async () => {
  ({ path: folder, remove: removeFolder } = await makeFolder());
  await mkdir(join(folder, 'desk'), { mode: 0o711 });
  await markFolder(join(folder, 'desk'), 'desk');
  target = await createEmptyDatabase();
  source = fork(new URL('./server-process.ts', import.meta.url), [join(folder, 'desk')], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = (await once(source, 'message')) as [{ port: number; databaseUrl: string }];
  sourceUrl = `http://127.0.0.1:${ready.port}`;
  sourceDatabaseUrl = ready.databaseUrl;
});
afterAll(async () => {
  await stopSource();
  await moved?.close();
  await target.close();
  await removeFolder();
});

async function stopSource(): Promise<void> {
  if (source.exitCode !== null) return;
  source.send({ kind: 'stop' });
  await once(source, 'exit');
}

async function call<TBody = unknown>(url: string, method: string, path: string, token: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as TBody };
}

async function logIn(url: string): Promise<string> {
  const { body } = await call<{ token: string }>(url, 'POST', '/api/auth/login', '', {
    email: 'admin@shop.example',
    password: PASSWORD,
  });
  return body.token;
}

/** One mail as Mailgun posts it; every tenth has a body that lies in the files folder. */
async function postMail(url: string, number: number): Promise<number> {
  const text = number % 10 === 0 ? `${number} `.repeat(60_000) : `mail ${number}`;
  const fields = {
    recipient: 'support@shop.example',
    sender: `c${number % 7}@example.com`,
    from: `c${number % 7}@example.com`,
    subject: `Mail ${number}`,
    'body-plain': text,
    'message-headers': JSON.stringify([['Message-Id', `<${number}@example.com>`]]),
    ...signMailgun('key', String(Math.floor(Date.now() / 1000)), `${number}-${Math.random()}`.padEnd(50, 'x')),
  };
  const { body, contentType } = encodeUrlencoded(Object.entries(fields).map(([name, value]) => ({ name, value })));
  const response = await fetch(`${url}/webhooks/mailgun/${channelId}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Runs a command as a person would. */
async function run(name: 'backup' | 'restore', args: string[], env: Record<string, string> = {}) {
  const { DATABASE_URL: _, ...rest } = process.env;
  const file = fileURLToPath(new URL(`../src/backup/${name}-command.ts`, import.meta.url));
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [file, ...args], { env: { ...rest, ...env } }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

async function waitUntilProcessed(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await vi.waitFor(
    async () => {
      const { rows } = await client.query(`select count(*)::int as left from inbound_states where state = 'pending'`);
      expect(rows).toEqual([{ left: 0 }]);
    },
    { timeout: 30_000, interval: 100 },
  );
  await client.end();
}

async function pullAll(url: string, token: string): Promise<ChangesPage['changes']> {
  const changes: ChangesPage['changes'] = [];
  for (let checkpoint = ''; ; ) {
    const { body } = await call<ChangesPage>(url, 'GET', `/api/sync/changes?checkpoint=${checkpoint}&limit=500`, token);
    changes.push(...body.changes);
    checkpoint = body.checkpoint;
    if (body.upToDate) return changes;
  }
}

test('[R1][R2][R6] a desk backed up under load moves to DATABASE_URL, takes what comes again once, and moves back', {
  timeout: 180_000,
}, async () => {
  const token = await logIn(sourceUrl);
  const channel = await call<{ id: string }>(sourceUrl, 'POST', '/api/channels', token, {
    kind: 'mailgun',
    name: 'Support',
    teamIds: [],
    config: { signingKey: 'key', apiKey: 'api', domain: 'shop.example', fromAddress: 'support@shop.example' },
  });
  channelId = channel.body.id;

  // Mails come all the time; the backup is made in the middle.
  const answers: number[] = [];
  let loading = true;
  const load = (async () => {
    for (let number = 1; loading; number++) {
      answers.push(await postMail(sourceUrl, number));
      await sleep(2);
    }
  })();
  await sleep(1_500);
  const takenBefore = answers.length;
  const archive = join(folder, 'one.tar.gz');
  const backup = await run('backup', ['--data', join(folder, 'desk'), '--out', archive]);
  const takenUntil = answers.length;
  await sleep(500);
  loading = false;
  await load;
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  expect(backup.stdout).toMatch(/^Backup written: .*one\.tar\.gz \(.* rows, \d+ files\)\.$/m);
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(takenUntil).toBeGreaterThan(takenBefore);
  await waitUntilProcessed(sourceDatabaseUrl);
  const old = await call<ChangesPage>(sourceUrl, 'GET', '/api/sync/changes?limit=5000', token);

  // Without its key it is not restored; with it, to an empty database.
  const intoDatabase = { DATABASE_URL: target.connectionString };
  const movedDir = join(folder, 'moved');
  expect(await run('restore', [archive, '--data', movedDir], intoDatabase)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^The desk's secret key is needed.*\n$/),
  });
  const key = (await readFile(join(folder, 'desk', 'secret.key'), 'utf8')).trim();
  const withKey = { ...intoDatabase, TRADEWIND_SECRET_KEY: key };
  const restored = await run('restore', [archive, '--data', movedDir], withKey);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect((await readdir(movedDir)).toSorted()).toEqual(['files', 'tradewind.json']);

  // One instant: what was taken before is in it, and nothing in it hangs in the air.
  const count = async (text: string) =>
    Number((await target.pool.query(`select count(*) as n from ${text}`)).rows[0]?.n);
  const events = await count('inbound_events');
  expect(events).toBeGreaterThanOrEqual(takenBefore);
  expect(events).toBeLessThanOrEqual(takenUntil + 1);
  expect(
    await count(
      'inbound_events e full join inbound_states s on s.event_id = e.id where e.id is null or s.event_id is null',
    ),
  ).toBe(0);
  expect(
    await count(`messages m left join change_log l on l.collection = 'message' and l.id = m.id where l.id is null`),
  ).toBe(0);
  expect(await count('messages m left join conversations c on c.id = m.conversation_id where c.id is null')).toBe(0);
  expect(await count('inbound_events where body_sha256 is not null')).toBe(
    (await readdir(join(movedDir, 'files'))).length,
  );

  // The platform sends everything again to the desk in its new place: each mail is there once.
  const config = parseConfig({ TRADEWIND_SECRET_KEY: key }, ['--no-demo', '--headless']);
  moved = await startServer(
    { ...config, port: 0 },
    { databaseUrl: target.connectionString, dataDir: movedDir, log: silent },
  );
  const movedUrl = moved.address;
  for (let number = 1; number <= answers.length; number++) expect(await postMail(movedUrl, number)).toBe(200);
  await waitUntilProcessed(target.connectionString);

  // A console finds another history, logs in again and gets everything.
  expect((await call(movedUrl, 'GET', '/api/sync/changes', token)).status).toBe(401);
  const again = await logIn(movedUrl);
  const stale = await call<{ type: string }>(
    movedUrl,
    'GET',
    `/api/sync/changes?checkpoint=${old.body.checkpoint}`,
    again,
  );
  expect([stale.status, stale.body.type]).toEqual([410, expect.stringContaining('resync')]);
  const changes = await pullAll(movedUrl, again);
  const mails = changes.filter(({ collection }) => collection === 'message');
  expect(new Set(mails.map(({ id }) => id)).size).toBe(answers.length);
  expect(mails.map(({ doc }) => doc?.externalId).toSorted()).toEqual(
    answers.map((_, index) => `<${index + 1}@example.com>`).toSorted(),
  );
  await moved.close();
  moved = null;
  await stopSource();

  // And back into a folder of its own, with nobody running.
  const second = join(folder, 'two.tar.gz');
  expect(await run('backup', ['--data', movedDir, '--out', second], withKey)).toMatchObject({ code: 0, stderr: '' });
  const back = join(folder, 'back');
  const returned = await run('restore', [second, '--data', back], { TRADEWIND_SECRET_KEY: key });
  expect(returned).toMatchObject({ code: 0, stderr: '' });
  const reached = await reachEmbeddedPostgres(back, { log: silent, onProgress: () => undefined });
  const after = await readTableDigests(reached.connectionString);
  const before = await readTableDigests(target.connectionString);
  await reached.close();
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed.toSorted()).toEqual(['audit', 'commit_marks', 'desk', 'schema_version', 'sessions']);
  expect((await readdir(join(back, 'files'))).toSorted()).toEqual((await readdir(join(movedDir, 'files'))).toSorted());

  // Stopped half-way, a restore leaves nothing.
  const stopped = join(folder, 'stopped');
  const { DATABASE_URL: _, ...env } = process.env;
  const child = fork(new URL('../src/backup/restore-command.ts', import.meta.url), [second, '--data', stopped], {
    execArgv: [],
    env: { ...env, TRADEWIND_SECRET_KEY: key },
    silent: true,
  });
  await vi.waitFor(async () => expect(await readdir(stopped)).toContain('postgres'), { interval: 5 });
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(await readdir(folder)).not.toContain('stopped');
});
