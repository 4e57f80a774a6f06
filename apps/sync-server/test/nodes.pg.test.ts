import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFaultLab } from '@tradewind/fault-lab/lab';
import { createUuidV7 } from '@tradewind/shared/ids';
import { createRandom } from '@tradewind/shared/testing/random';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { parseConfig } from '../src/config/config.ts';
import { findFreePort } from '../src/db/embedded/port.ts';
import { type RunningServer, startServer } from '../src/main.ts';
import { createTestDatabase } from './database.ts';
import { type Api, startTestDesk, type TestDesk } from './desk.ts';
import { buildConversation, buildCustomer, seedDocuments } from './documents.ts';
import { ShopLoad } from './shop-load.ts';

let desk: TestDesk;
let second: RunningServer;
const sockets: Socket[] = [];

function startNode(): Promise<RunningServer> {
  return startServer(
    { ...parseConfig({ TRADEWIND_DATA: desk.dataDir }, ['--no-demo', '--headless']), port: 0 },
    { databaseUrl: desk.database.connectionString, dataDir: desk.dataDir, log: pino({ level: 'silent' }) },
  );
}

beforeAll(async () => {
  desk = await startTestDesk();
  second = await startNode();
  const closed = await desk.admin.call('POST', '/api/teams', { name: 'Closed' });
  await desk.admin.call('PATCH', `/api/agents/${desk.mei.agentId}`, { teamIds: [closed.body.id] });
  const secret = await desk.admin.call('POST', '/api/channels', {
    kind: 'web-chat',
    name: 'Closed chat',
    teamIds: [closed.body.id],
    config: { allowedOrigins: ['https://www.shop.example'] },
  });
  await seedDocuments(desk.database.db, {
    scopes: [],
    customers: [buildCustomer({ id: 'cus' })],
    conversations: [
      buildConversation({ id: 'open', channelAccountId: desk.channelId, customerId: 'cus' }),
      buildConversation({ id: 'closed', channelAccountId: secret.body.id, customerId: 'cus' }),
    ],
  });
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});
afterAll(async () => {
  await second.close();
  await desk.close();
});

interface Told {
  conversationId: string;
  agentId: string;
  state: string;
}

/** A console at one of the nodes, which remembers what it hears. */
async function openConsole(address: string, agent: Api) {
  const socket = io(address, { auth: { token: agent.token }, transports: ['websocket'], forceNew: true });
  sockets.push(socket);
  const agents: Record<string, string>[] = [];
  const told: Told[] = [];
  const seqs: [from: number, to: number][] = [];
  const ids: string[] = [];
  socket.on('presence', (word: Told | { agents: Record<string, string> }) => {
    if ('agents' in word) agents.push(word.agents);
    else told.push(word);
  });
  socket.on('changes', (frame) => {
    seqs.push([frame.fromSeq, frame.toSeq]);
    ids.push(...frame.changes.map((change: { id: string }) => change.id));
  });
  await connected(socket);
  return { socket, agents, told, seqs, ids, stateOf: (one: Api) => agents.at(-1)?.[one.agentId] };
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('connect', () => resolve()));
}

const addresses = () => [desk.url, second.address];

test('[R7] frames reach the consoles of both nodes, whichever took the change, and chain', async () => {
  const consoles = await Promise.all(addresses().map((address) => openConsole(address, desk.sam)));
  const sent: string[] = [];
  for (let number = 0; number < 10; number++) {
    const id = createUuidV7();
    sent.push(id);
    await callAt(addresses()[number % 2] ?? '', desk.mei, [
      { id, type: 'note', conversationId: 'open', text: `note ${number}` },
    ]);
  }
  for (const console of consoles) {
    await vi.waitFor(() => expect(console.ids).toEqual(expect.arrayContaining(sent)));
    for (const [index, [from]] of console.seqs.entries()) {
      if (index > 0) expect(from).toBe(console.seqs[index - 1]?.[1]);
    }
  }
});

async function callAt(address: string, agent: Api, commands: object[]): Promise<unknown> {
  const response = await fetch(`${address}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${agent.token}` },
    body: JSON.stringify({ commands }),
  });
  expect(response.status).toBe(200);
  return response.json();
}

test('who is at the desk is known on every node, and to one that comes later', async () => {
  const here = await openConsole(desk.url, desk.mei);
  const there = await openConsole(second.address, desk.sam);
  await vi.waitFor(() => expect(here.stateOf(desk.sam)).toBe('online'));
  await vi.waitFor(() => expect(there.stateOf(desk.mei)).toBe('online'));
  there.socket.emit('presence', { state: 'away' });
  await vi.waitFor(() => expect(here.stateOf(desk.sam)).toBe('away'));
  const third = await startNode();
  const late = await openConsole(third.address, desk.admin);
  await vi.waitFor(() => expect([late.stateOf(desk.mei), late.stateOf(desk.sam)]).toEqual(['online', 'away']));
  await vi.waitFor(() => expect(here.stateOf(desk.admin)).toBe('online'));
  await third.close();
  await vi.waitFor(() => expect(here.stateOf(desk.admin)).toBeUndefined());
  there.socket.close();
  await vi.waitFor(() => expect(here.stateOf(desk.sam)).toBeUndefined());
});

test('[R15] who looks at a conversation and writes in it is told to colleagues who may see it, on every node', async () => {
  const here = await openConsole(desk.url, desk.mei);
  const own = await openConsole(second.address, desk.mei);
  const admin = await openConsole(second.address, desk.admin);
  const sam = await openConsole(second.address, desk.sam);
  here.socket.emit('presence', { conversationId: 'closed', state: 'viewing' });
  await vi.waitFor(() => expect(admin.told).toEqual([toTold('closed', desk.mei, 'viewing')]));
  here.socket.emit('presence', { conversationId: 'open', state: 'typing' });
  await vi.waitFor(() => expect(sam.told).toEqual([toTold('open', desk.mei, 'typing')]));
  const late = await openConsole(desk.url, desk.admin);
  await vi.waitFor(() => expect(late.told).toHaveLength(2));
  here.socket.emit('presence', { conversationId: 'open', state: 'gone' });
  await vi.waitFor(() => expect(sam.told.at(-1)).toEqual(toTold('open', desk.mei, 'gone')));
  // Of what he may not see, nothing is told of him; nobody hears of himself; and a socket that goes takes its words along.
  sam.socket.emit('presence', { conversationId: 'closed', state: 'typing' });
  sam.socket.emit('presence', { conversationId: 'none', state: 'typing' });
  sam.socket.emit('presence', { conversationId: 'open', state: 'viewing' });
  await vi.waitFor(() => expect(here.told).toEqual([toTold('open', desk.sam, 'viewing')]));
  here.socket.close();
  await vi.waitFor(() => expect(admin.told.at(-1)).toEqual(toTold('closed', desk.mei, 'gone')));
  expect(sam.told.some(({ conversationId }) => conversationId === 'closed')).toBe(false);
  expect(own.told.some(({ agentId }) => agentId === desk.mei.agentId)).toBe(false);
});

function toTold(conversationId: string, agent: Api, state: string): Told {
  return { conversationId, agentId: agent.agentId, state };
}

test('a node whose line to the others is cut hears of them again', async () => {
  const here = await openConsole(desk.url, desk.mei);
  const { rows } = await desk.database.pool.query<{ done: boolean }>(
    `select pg_terminate_backend(pid) as done from pg_stat_activity
     where application_name = 'tradewind-nodes' and datname = current_database()`,
  );
  expect(rows.map(({ done }) => done)).toEqual([true, true]);
  const there = await openConsole(second.address, desk.sam);
  await vi.waitFor(() => expect(here.stateOf(desk.sam)).toBe('online'));
  await vi.waitFor(() => expect(there.stateOf(desk.mei)).toBe('online'));
});

test('[R15] a session that is ended on one node loses its sockets on the other, and an agent who is disabled all of them', async () => {
  const admin = await desk.admin.call('POST', '/api/agents', {
    ...{ email: 'kim@shop.example', name: 'Kim', password: 'a long enough password', role: 'agent', teamIds: [] },
  });
  const [phone, desktop] = [await desk.logIn('kim@shop.example'), await desk.logIn('kim@shop.example')];
  const [a, b] = [await openConsole(second.address, phone), await openConsole(second.address, desktop)];
  await phone.call('POST', '/api/auth/logout');
  await vi.waitFor(() => expect(a.socket.connected).toBe(false));
  expect(b.socket.connected).toBe(true);
  await desk.admin.call('PATCH', `/api/agents/${admin.body.id}`, { disabled: true });
  await vi.waitFor(() => expect(b.socket.connected).toBe(false));
});

test('guesses at a password count together, at whichever node they are made', async () => {
  const guess = async (address: string) => {
    const response = await fetch(`${address}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'sam@shop.example', password: 'not this one' }),
    });
    return response.status;
  };
  const statuses: number[] = [];
  for (let number = 0; number < 8; number++) statuses.push(await guess(addresses()[number % 2] ?? ''));
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
});

test('[R1][R2][R11] two nodes under load, one after the other killed and replaced: nothing lost, nothing doubled', {
  timeout: 240_000,
  retry: 0, // what is lost or doubled once in many runs is a bug too
}, async () => {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-nodes-'));
  const lab = await startFaultLab();
  const random = createRandom(7);
  const ports = [await findFreePort(), await findFreePort()];
  const nodes: ChildProcess[] = [];
  const start = async (index: number) => {
    const given = [dataDir, String(ports[index]), '1000', database.connectionString];
    const child = fork(new URL('./server-process.ts', import.meta.url), given, {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    nodes[index] = child;
  };
  const end = async (index: number, how: 'kill' | 'stop') => {
    const child = nodes[index] as ChildProcess;
    const gone = once(child, 'exit');
    if (how === 'kill') child.kill('SIGKILL');
    else child.send({ kind: 'stop' });
    await gone;
  };
  await start(0);
  await start(1);
  const load = new ShopLoad(lab, random, () => ports.map((port) => `http://127.0.0.1:${port}`));
  await load.prepare();
  const watching = await Promise.all(ports.map((port) => openChained(`http://127.0.0.1:${port}`, load.token)));

  load.start(200);
  for (const victim of [1, 0]) {
    await sleep(800 + random() * 700);
    await end(victim, 'kill');
    await sleep(500);
    await start(victim);
  }
  await sleep(1_000);
  await load.stop();
  await load.check(database.connectionString);
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from change_log where collection = 'message' and not removed`,
  );
  for (const console of watching) {
    await vi.waitFor(() => expect(console.held.size).toBe(rows.length));
    console.close();
  }
  await Promise.all([end(0, 'stop'), end(1, 'stop')]);
  await lab.close();
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A console that follows by frames alone while they chain, and pulls where they do not. */
async function openChained(address: string, token: string) {
  const held = new Set<string>();
  let checkpoint = '';
  let reached = 0;
  let turn: Promise<void> = Promise.resolve();
  const keep = (changes: { collection: string; id: string }[]) => {
    for (const { collection, id } of changes) if (collection === 'message') held.add(id);
  };
  const pull = async () => {
    for (let upToDate = false; !upToDate; ) {
      const response = await fetch(
        `${address}/api/sync/changes?limit=1000${checkpoint && `&checkpoint=${checkpoint}`}`,
        {
          headers: { authorization: `Bearer ${token}` },
        },
      );
      const page = (await response.json()) as { changes: []; checkpoint: string; upToDate: boolean };
      keep(page.changes);
      ({ checkpoint, upToDate } = page);
    }
    reached = JSON.parse(Buffer.from(checkpoint, 'base64url').toString()).seq;
  };
  // The server is gone for a moment: the next connection pulls.
  const inTurn = (work: () => Promise<void>) => {
    turn = turn.then(work).catch(() => undefined);
  };
  const socket = io(address, { auth: { token }, transports: ['websocket'], forceNew: true, reconnectionDelayMax: 300 });
  socket.on('connect', () => inTurn(pull));
  socket.on('changes', (frame) =>
    inTurn(async () => {
      if (frame.toSeq <= reached) return;
      if (frame.fromSeq > reached) return pull();
      keep(frame.changes);
      ({ checkpoint, toSeq: reached } = frame);
    }),
  );
  await connected(socket);
  return { held, close: () => socket.close() };
}
