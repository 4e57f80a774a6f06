import { conversationSchema } from '@tradewind/shared/schemas/conversation';
import { buildCheckpoint } from '@tradewind/shared/testing/builders';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
// biome-ignore lint/plugin: the one place where both sides of the protocol meet, in a test
import { startTestDesk, type TestDesk } from '../../../../sync-server/test/desk.ts';
import { createHttpTransport } from '../replication/http-transport.ts';
import type { LiveHandlers } from '../replication/transport.ts';
import { type DeskRuntime, startDesk } from './desk-runtime.ts';
import type { DeviceEvents } from './device-events.ts';

let server: TestDesk;
beforeAll(async () => {
  server = await startTestDesk();
});
afterAll(() => server.close());

/** What the console's requests meet on their way. */
const network = { up: true };
const brokenFetch: typeof fetch = (input, init) => {
  if (!network.up) return Promise.reject(new TypeError('no network'));
  return fetch(input, init);
};

const ignore = () => undefined;
const ignoring: LiveHandlers = {
  onOpen: ignore,
  onFrame: ignore,
  onResync: ignore,
  onAccessChanged: ignore,
  onPresence: ignore,
  onTyping: ignore,
  onPresent: ignore,
  onClose: ignore,
};

async function openConsole(): Promise<{ desk: DeskRuntime; events: () => DeviceEvents | null }> {
  let listening: DeviceEvents | null = null;
  const { agentId, token } = server.mei;
  const storage = getRxStorageMemory();
  const desk = await startDesk({
    agent: { id: agentId, name: 'Mei', email: 'mei@shop.example', role: 'agent' },
    name: `console-${agentId}`,
    replicaStorage: storage,
    ownStorage: storage,
    multiTab: false,
    locks: null,
    transport: createHttpTransport({ origin: server.url, agentId, token, fetch: brokenFetch }),
    lastResort: { read: () => null, write: () => undefined },
    presence: { read: () => 'online', write: () => undefined },
    listenToDevice: (events) => {
      listening = events;
      return () => undefined;
    },
    endSession: async () => undefined,
  });
  onTestFinished(() => desk.close());
  await vi.waitFor(() => expect(desk.connection.kind).toBe('online'));
  return { desk, events: () => listening };
}

test('a mail appears in the console by itself, and replies made offline leave once each, in order', async () => {
  const { desk, events } = await openConsole();
  const { mail, finished } = server.lab.mailgun.postInbound({
    from: 'Li Lei <li@example.com>',
    subject: 'Where is my parcel',
    text: '还没收到货',
  });
  await finished;
  const [row] = await vi.waitFor(() => {
    const rows = desk.model.conversationList('pending') ?? [];
    expect(rows).toHaveLength(1);
    return rows;
  });
  expect(row).toMatchObject({ customerName: 'Li Lei', conversation: { subject: 'Where is my parcel' } });
  const conversationId = row?.conversation.id ?? '';
  const messages = await vi.waitFor(() => {
    const thread = desk.model.messages(conversationId);
    expect(thread).toMatchObject([{ text: '还没收到货', externalId: mail.messageId }]);
    return thread ?? [];
  });

  network.up = false;
  events()?.onOffline();
  expect(desk.connection.kind).toBe('offline');
  const seenMessageId = messages[0]?.id ?? null;
  for (const text of ['one', 'two', 'three']) {
    await desk.send({ type: 'reply', conversationId, text, seenMessageId });
  }
  await desk.send({ type: 'set-status', conversationId, status: 'resolved' });
  expect(desk.model.conversationList('resolved')).toMatchObject([
    { pending: true, conversation: { preview: 'three' } },
  ]);
  expect(desk.model.pendingCount).toBe(4);

  network.up = true;
  events()?.onOnline();
  await vi.waitFor(() => expect(desk.model.pendingCount).toBe(0));
  await vi.waitFor(
    () => {
      const sent = server.lab.mailgun.sent.filter(({ to }) => to.some(({ address }) => address === 'li@example.com'));
      expect(sent.map(({ text }) => text).sort()).toEqual(['one', 'three', 'two']);
      const shown = desk.model.messages(conversationId)?.slice(1) ?? [];
      expect(shown.map(({ text, status, local }) => [text, status, local])).toEqual(
        ['one', 'two', 'three'].map((text) => [text, 'delivered', false]),
      );
    },
    { interval: 50 },
  );
  const fromServer = conversationSchema.parse(await server.mei.get(`/api/conversations/${conversationId}`));
  expect(desk.model.problems).toEqual([]);
  await vi.waitFor(() => expect(conversationSchema.parse(desk.model.conversation(conversationId))).toEqual(fromServer));
});

test('[R15] when another agent has logged in with the same browser, nothing is sent or read in his name', async () => {
  const transport = createHttpTransport({ origin: server.url, agentId: server.mei.agentId, token: server.sam.token });
  const { signal } = new AbortController();
  const refused = { ok: false, failure: { kind: 'unauthenticated' } };
  expect(await transport.pull({ checkpoint: null, accessVersion: null, limit: 10 }, signal)).toEqual(refused);
  expect(await transport.sendCommands([], signal)).toEqual(refused);
  const closed = new Promise<string>((resolve, reject) => {
    const opened = () => reject(new Error('the socket was let in'));
    transport.openLive({ checkpoint: null, accessVersion: null }, { ...ignoring, onOpen: opened, onClose: resolve });
  });
  expect(await closed).toContain('Another agent');
});

test('a checkpoint of another history is answered with resync, by page and by socket', async () => {
  const { agentId, token } = server.mei;
  const transport = createHttpTransport({ origin: server.url, agentId, token });
  const position = { checkpoint: buildCheckpoint(3), accessVersion: null };
  const answer = await transport.pull({ ...position, limit: 10 }, new AbortController().signal);
  expect(answer).toEqual({ ok: false, failure: { kind: 'resync', restoredAt: null } });
  await new Promise<void>((resolve, reject) => {
    const live = transport.openLive(position, {
      ...ignoring,
      onClose: (reason) => reject(new Error(reason)),
      onResync() {
        live.close();
        resolve();
      },
    });
  });
});
