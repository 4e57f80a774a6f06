import { type ChildProcess, fork } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FaultLab, startFaultLab } from '@tradewind/fault-lab/lab';
import { signShopify } from '@tradewind/fault-lab/shopify/sign';
import { createUuidV7 } from '@tradewind/shared/ids';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from '../src/db/database.ts';
import { findFreePort } from '../src/db/embedded/port.ts';
import { readPidFile } from '../src/db/embedded/postmaster.ts';
import { isPostmaster } from '../src/db/embedded/processes.ts';

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
let token = '';
let channelId = '';
let storeId = '';

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tradewind-crash-'));
  await chmod(dataDir, 0o755);
  port = await findFreePort();
  lab = await startFaultLab();
  lab.mailgun.settings.autoDeliver = false;
  running = await start();
  token = (await api('POST', '/api/auth/login', { email: 'admin@shop.example', password: 'a long enough password' }))
    .token;
  const channel = await api('POST', '/api/channels', {
    kind: 'mailgun',
    name: 'Support',
    teamIds: [],
    config: {
      signingKey: 'key',
      apiKey: 'api',
      domain: 'shop.example',
      fromAddress: 'support@shop.example',
      apiBaseUrl: `${lab.url}/mailgun`,
    },
  });
  const store = await api('POST', '/api/stores', {
    kind: 'shopify',
    name: 'Shop',
    teamIds: [],
    config: { clientSecret: 'secret', shop: 'x.myshopify.com' },
  });
  channelId = channel.id;
  storeId = store.id;
  lab.mailgun.connect({
    domain: 'shop.example',
    apiKey: 'api',
    signingKey: 'key',
    webhookUrl: channel.webhookUrl,
    address: 'support@shop.example',
  });
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

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function api(method: string, path: string, body?: unknown): Promise<any> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.json();
}

const agent = new Agent({ keepAlive: true, maxSockets: 100 });

/** One attempt, as a platform makes it. */
function attempt(path: string, headers: Record<string, string>, body: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(0));
      },
    );
    request.on('error', () => resolve(0));
    request.end(body);
  });
}

/** Posts again, as platforms do, until it is answered 2xx. */
async function postUntilTaken(path: string, headers: Record<string, string>, body: Buffer): Promise<void> {
  for (;;) {
    const status = await attempt(path, headers, body);
    if (status >= 200 && status < 300) return;
    if (status !== 0 && status < 500) throw new Error(`a genuine event was refused: ${status}`);
    await sleep(100 + random() * 200);
  }
}

function buildMail(messageId: string): [string, Record<string, string>, Buffer] {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = randomBytes(25).toString('hex');
  const sender = `c${Math.floor(random() * 200)}@example.com`;
  const form = new URLSearchParams({
    from: sender,
    sender,
    recipient: 'support@shop.example',
    subject: 'hello',
    'body-plain': 'hello',
    'message-headers': JSON.stringify([['Message-Id', messageId]]),
    timestamp,
    token: key,
    signature: createHmac('sha256', 'key')
      .update(timestamp + key)
      .digest('hex'),
  });
  return [
    `/webhooks/mailgun/${channelId}`,
    { 'content-type': 'application/x-www-form-urlencoded' },
    Buffer.from(form.toString()),
  ];
}

function buildOrder(id: number): [string, Record<string, string>, Buffer] {
  const body = Buffer.from(
    JSON.stringify({
      id,
      name: `#${id}`,
      currency: 'JPY',
      total_price: '100',
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
      customer: null,
      line_items: [],
      email: `c${id % 200}@example.com`,
    }),
  );
  return [
    `/webhooks/shopify/${storeId}`,
    {
      'content-type': 'application/json',
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': 'x.myshopify.com',
      'x-shopify-event-id': `e${id}`,
      'x-shopify-hmac-sha256': signShopify('secret', body),
    },
    body,
  ];
}

test(`[R1][R2][R11] kill -9 of server, PostgreSQL and both, ${ROUNDS} times under ${EVENTS_PER_SECOND} events/s`, {
  timeout: 120_000 + ROUNDS * 40_000,
  retry: 0, // what is lost or doubled once in many runs is a bug too
}, async () => {
  const conversations: string[] = [];
  for (let index = 0; index < 20; index++) {
    const id = createUuidV7();
    await api('POST', '/api/commands', {
      commands: [
        { id, type: 'start-conversation', channelAccountId: channelId, to: `reply${index}@example.com`, text: 'hello' },
      ],
    });
    conversations.push(id);
  }
  const replies: string[] = [];
  const mails: string[] = [];
  const orders: number[] = [];
  const work: Promise<unknown>[] = [];
  let chaos = true;

  const load = (async () => {
    let sent = 0;
    const startedAt = performance.now();
    while (chaos) {
      const due = ((performance.now() - startedAt) / 1000) * EVENTS_PER_SECOND;
      for (; sent < due; sent++) {
        if (sent % 2 === 0) {
          const id = `<crash-${sent}@example.com>`;
          mails.push(id);
          work.push(postUntilTaken(...buildMail(id)));
        } else {
          const id = 9_000_000_000 + sent;
          orders.push(id);
          work.push(postUntilTaken(...buildOrder(id)));
        }
      }
      await sleep(10);
    }
  })();
  const answering = (async () => {
    while (chaos) {
      const id = createUuidV7();
      replies.push(id);
      work.push(replyUntilAnswered(id, pick(random, conversations)));
      await sleep(50);
    }
  })();

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
  chaos = false;
  await load;
  await answering;
  await Promise.all(work);

  const { db, close } = openDatabase(running.databaseUrl, { maxConnections: 2 });
  await vi.waitFor(
    async () => {
      const waiting = await db
        .selectFrom('inbound_states')
        .select('event_id')
        .where('state', 'in', ['pending', 'dead'])
        .execute();
      expect(waiting).toEqual([]);
      const underWay = await db
        .selectFrom('effects')
        .select('key')
        .where('state', 'in', ['queued', 'attempting'])
        .execute();
      expect(underWay).toEqual([]);
    },
    { timeout: 120_000, interval: 250 },
  );
  const messages = await db.selectFrom('messages').select(['external_id', 'id', 'direction', 'doc']).execute();
  const inbound = messages.filter((row) => row.direction === 'in').map((row) => row.external_id);
  expect(inbound.toSorted()).toEqual(mails.toSorted());
  const stored = await db.selectFrom('orders').select('external_id').execute();
  expect(stored.map((row) => row.external_id).toSorted()).toEqual(orders.map(String).toSorted());
  const logged = await db
    .selectFrom('change_log')
    .select('id')
    .where('collection', 'in', ['message', 'order'])
    .execute();
  expect(logged).toHaveLength(messages.length + stored.length);

  const sentById = new Map<string, number>();
  for (const mail of lab.mailgun.sent) sentById.set(mail.messageId, (sentById.get(mail.messageId) ?? 0) + 1);
  const outgoing = messages.filter((row) => row.direction === 'out');
  expect(outgoing.map((row) => row.id).toSorted()).toEqual([...conversations, ...replies].toSorted());
  for (const { doc, external_id } of outgoing) {
    const times = sentById.get(external_id ?? '') ?? 0;
    if (doc.status === 'unknown') expect(times).toBeLessThanOrEqual(1);
    else expect([doc.status, times]).toEqual(['sent', 1]);
  }
  await close();
});

async function replyUntilAnswered(id: string, conversationId: string): Promise<void> {
  for (;;) {
    try {
      const { results } = await api('POST', '/api/commands', {
        commands: [{ id, type: 'reply', conversationId, text: 'on its way', seenMessageId: null }],
      });
      expect(results[0]).toMatchObject({ status: 'applied', messageId: id });
      return;
    } catch (error) {
      if (!(error instanceof Error) || !/fetch failed|: 5\d\d$/.test(error.message)) throw error;
      await sleep(150);
    }
  }
}

/** The one that runs now; after the round before it may still be on its way up again. */
async function killPostmaster(): Promise<void> {
  const pid = await vi.waitFor(async () => {
    const found = await readPidFile(join(dataDir, 'postgres', 'cluster'));
    if (!found || !(await isPostmaster(found.pid, found.dataDir))) throw new Error('PostgreSQL does not run');
    return found.pid;
  });
  process.kill(pid, 'SIGKILL');
}
