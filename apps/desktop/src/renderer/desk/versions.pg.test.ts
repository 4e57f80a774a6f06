import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { expect, onTestFinished, test, vi } from 'vitest';
// biome-ignore lint/plugin: the tests in which both sides of the protocol meet
import { createEmptyDatabase } from '../../../../sync-server/test/database.ts';
// biome-ignore lint/plugin: as above
import { type FurnishedDesk, furnishDesk, startTestDesk } from '../../../../sync-server/test/desk.ts';
import { createHttpTransport } from '../replication/http-transport.ts';
import { startDesk } from './desk-runtime.ts';

// Server and console of protocol version 1 as they were (scripts/keep-build.mjs).
const KEPT_CONSOLE = '../../../test/kept/protocol-1/console.mjs';
const KEPT_SERVER = fileURLToPath(new URL('../../../../sync-server/test/kept/protocol-1/server.mjs', import.meta.url));

/** What a console is made of, in any version. */
interface ConsoleBuild {
  startDesk: typeof startDesk;
  createHttpTransport: typeof createHttpTransport;
}

const thisConsole: ConsoleBuild = { startDesk, createHttpTransport };

async function open(
  { startDesk, createHttpTransport }: ConsoleBuild,
  url: string,
  { agentId, token }: FurnishedDesk['mei'],
) {
  const storage = getRxStorageMemory();
  const network = { up: true };
  const desk = await startDesk({
    agent: { id: agentId, name: 'Mei', email: 'mei@shop.example', role: 'agent' },
    name: `console-${agentId}`,
    replicaStorage: storage,
    ownStorage: storage,
    multiTab: false,
    locks: null,
    transport: createHttpTransport({
      origin: url,
      agentId,
      token,
      fetch: (...args) => (network.up ? fetch(...args) : Promise.reject(new TypeError('no network'))),
    }),
    lastResort: { read: () => null, write: () => undefined },
    presence: { read: () => 'online', write: () => undefined },
    listenToDevice: () => () => undefined,
    endSession: async () => undefined,
  });
  onTestFinished(() => desk.close());
  await vi.waitFor(() => expect(desk.connection.kind).toBe('online'), { timeout: 10_000 });
  return { desk, network };
}

/** What must go on between versions: a mail appears, replies made offline leave once each, what others do comes down. */
async function tellTheStory(build: ConsoleBuild, url: string, people: FurnishedDesk): Promise<void> {
  const { lab, mei, sam } = people;
  const before = lab.mailgun.postInbound({ from: 'Li Lei <li@example.com>', subject: 'Before', text: '还没收到货' });
  await before.finished;
  const { desk, network } = await open(build, url, mei);
  const find = (subject: string) =>
    vi.waitFor(
      () => {
        const row = desk.model.conversationList('all')?.find((one) => one.conversation.subject === subject);
        expect(row, `the conversation “${subject}”`).toBeDefined();
        return row?.conversation ?? expect.fail();
      },
      { timeout: 10_000 },
    );
  const conversationId = (await find('Before')).id;
  const first = await vi.waitFor(() => desk.model.messages(conversationId)?.[0] ?? expect.fail());
  expect(first.text).toBe('还没收到货');

  network.up = false;
  for (const text of ['one', 'two']) {
    await desk.send({ type: 'reply', conversationId, text, seenMessageId: first.id });
  }
  await desk.send({ type: 'tag', conversationId, add: ['parcel'], remove: [] });
  network.up = true;
  desk.retryNow();
  await vi.waitFor(
    () => {
      const sent = lab.mailgun.sent.filter(({ to }) => to.some(({ address }) => address === 'li@example.com'));
      expect(sent.map(({ text }) => text).sort()).toEqual(['one', 'two']);
      expect(desk.model.pendingCount).toBe(0);
      const shown = desk.model.messages(conversationId)?.slice(1) ?? [];
      expect(shown.map(({ text, status }) => [text, status])).toEqual([
        ['one', 'delivered'],
        ['two', 'delivered'],
      ]);
      expect(desk.model.conversation(conversationId)?.tags).toEqual(['parcel']);
    },
    { timeout: 20_000, interval: 50 },
  );

  await lab.mailgun.postInbound({ from: 'Han <han@example.com>', subject: 'After', text: 'hi' }).finished;
  const taken = await find('After');
  await sam.command({ type: 'assign', conversationId: taken.id, agentId: sam.agentId });
  await vi.waitFor(() => expect(desk.model.conversation(taken.id)?.assigneeId).toBe(sam.agentId), { timeout: 10_000 });
  expect(desk.model.problems).toEqual([]);
}

test('[R6] [R8] a console of protocol version 1 works with this server', async () => {
  const kept = (await import(KEPT_CONSOLE)) as ConsoleBuild;
  const server = await startTestDesk();
  onTestFinished(() => server.close());
  await tellTheStory(kept, server.url, server);
});

test('[R6] [R8] this console works with a server of protocol version 1', async () => {
  const { url, people } = await startKeptServer();
  await tellTheStory(thisConsole, url, people);
});

async function startKeptServer(): Promise<{ url: string; people: FurnishedDesk }> {
  const database = await createEmptyDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-kept-'));
  const process = fork(KEPT_SERVER, [dataDir, database.connectionString]);
  onTestFinished(async () => {
    await end(process);
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const [{ port }] = (await once(process, 'message')) as [{ port: number }];
  const url = `http://127.0.0.1:${port}`;
  const people = await furnishDesk(url);
  onTestFinished(() => people.lab.close());
  return { url, people };
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exited = once(process, 'exit');
  process.disconnect();
  await exited;
}
