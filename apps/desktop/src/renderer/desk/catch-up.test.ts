import type { CommandInput } from '@tradewind/shared/commands/registry';
import type { Message } from '@tradewind/shared/schemas/message';
import {
  buildAgent,
  buildChannel,
  buildConversation,
  buildCustomer,
  buildMessage,
  TEST_NOW,
} from '@tradewind/shared/testing/builders';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ReplicaDocs } from '../db/documents.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { readDevice, readServer } from '../replication/testing/compare-with-server.ts';
import { FakeServer } from '../replication/testing/fake-server.ts';
import type { DeskRuntime } from './desk-runtime.ts';
import { TestDevice } from './testing/open-test-desk.ts';

const until = (condition: () => unknown) => vi.waitFor(() => expect(condition()).toBeTruthy(), { interval: 1 });

/** Two open conversations, `red` of a team alone, and one that is resolved; each with a message. */
function buildServer(): FakeServer {
  const server = new FakeServer('agent-1');
  server.access = new Set(['desk', 'team:red']);
  server.commit(['directory', buildAgent()], ['directory', buildChannel()], ['customer', buildCustomer()]);
  for (const id of ['open', 'red', 'done']) {
    server.commit(['conversation', buildConversation({ id, status: id === 'done' ? 'resolved' : 'open' })]);
    server.commit(['message', buildMessage({ id: `of-${id}`, conversationId: id })]);
  }
  server.place('conversation', 'red', ['team:red']);
  return server;
}

async function open(server: FakeServer, device = new TestDevice()) {
  let stores: CollectionsOf<ReplicaDocs> | null = null;
  device.whileLeading = ({ collections }) => {
    stores = collections;
    return () => undefined;
  };
  const desk = await device.start(server);
  onTestFinished(() => desk.close());
  return { desk, device, stores: () => stores, held: async () => stores && (await readDevice(stores)) };
}

const listed = (desk: DeskRuntime) =>
  desk.model
    .conversationList('all')
    ?.map(({ conversation }) => conversation.id)
    .sort();
const shows = (desk: DeskRuntime, ...ids: string[]) => String(listed(desk)) === String(ids.sort());

test('a first sync shows open work before anything else is here, and says how much of the history has arrived', async () => {
  const server = buildServer();
  server.itemsPerPage = 1;
  let goOn = () => undefined as undefined;
  const held = new Promise<void>((resolve) => {
    goOn = () => void resolve();
  });
  server.beforePart = (part) => (part === 'recent' ? held : undefined);
  const { desk, device } = await open(server);
  await until(() => server.parts.includes('recent'));
  expect(shows(desk, 'open', 'red')).toBe(true);
  expect(desk.connection.kind).toBe('syncing');
  goOn();
  const percents: (number | undefined)[] = [];
  desk.connectionChanged.subscribe(() => {
    if (desk.connection.kind === 'online') percents.push(desk.connection.historyPercent);
  });
  await until(() => {
    device.passTime();
    return shows(desk, 'done', 'open', 'red') && percents.length > 2 && percents.at(-1) === undefined;
  });
  expect(percents).toContain(66);
  // A conversation in which a page ends is fetched by itself.
  const parts = server.parts.filter((part) => !part.startsWith('conversation:'));
  expect([...new Set(parts)]).toEqual(['open', 'recent', 'history']);
});

test('the history goes on where it stopped, after a restart of the console', async () => {
  const server = buildServer();
  for (let index = 0; index < 8; index++) {
    server.commit(['message', buildMessage({ id: `m${index}`, conversationId: 'done' })]);
  }
  server.itemsPerPage = 2;
  const device = new TestDevice('kept');
  const first = await open(server, device);
  await until(() => device.timers.some(({ delayMs }) => delayMs === 100)); // between two pages of the history
  await first.desk.close();
  server.parts.length = 0;
  const { desk, held } = await open(server, device);
  await vi.waitFor(async () => {
    device.passTime();
    expect(desk.connection).toEqual({ kind: 'online' });
    expect(await held()).toEqual(readServer(server));
  });
  expect(server.parts).not.toContain('open');
  // Eleven documents are six pages, of which one was read before.
  expect(server.parts.filter((part) => part === 'history')).toHaveLength(5);
});

test('a server of before parts is read from the beginning of its log', async () => {
  const server = buildServer();
  server.hasParts = false;
  const { desk, held } = await open(server);
  await until(() => desk.connection.kind === 'online');
  expect(await held()).toEqual(readServer(server));
  expect(server.parts).toEqual(['open']);
});

test('[R6] [R15] taken out of a team while offline: its work is gone, the queued reply comes back, nothing else is read again', async () => {
  const server = buildServer();
  const { desk, device, held } = await open(server);
  await until(() => desk.connection.kind === 'online' && shows(desk, 'done', 'open', 'red'));
  server.outage = { kind: 'unreachable', reason: 'no network' };
  server.cut();
  const id = await desk.send({ type: 'reply', conversationId: 'red', text: 'too late' });
  server.setAccess(['desk']);
  server.parts.length = 0;
  server.outage = null;
  device.passTime();
  await until(() => desk.model.problems.length === 1);
  expect(desk.model.problems[0]).toMatchObject({ commandId: id, text: 'too late', reason: { kind: 'not-found' } });
  await until(() => shows(desk, 'done', 'open'));
  expect(desk.model.messages('red') ?? []).toEqual([]);
  expect(await held()).toEqual(readServer(server));
  expect(server.parts).toEqual([]);
});

test('[R6] a scope that is gained is fetched; what it gives is whole', async () => {
  const server = buildServer();
  server.access = new Set(['desk']);
  const { desk, held } = await open(server);
  await until(() => desk.connection.kind === 'online' && shows(desk, 'done', 'open'));
  server.parts.length = 0;
  server.setAccess(['desk', 'team:red']);
  await until(() => shows(desk, 'done', 'open', 'red'));
  await vi.waitFor(async () => expect(await held()).toEqual(readServer(server)));
  expect(server.parts).toEqual(['scope:team:red']);
});

test('[R6] a conversation that comes into sight is fetched whole', async () => {
  const server = buildServer();
  server.access = new Set(['desk']);
  const { desk } = await open(server);
  await until(() => desk.connection.kind === 'online' && shows(desk, 'done', 'open'));
  server.place('conversation', 'red', ['team:red', 'desk']);
  await until(() => shows(desk, 'done', 'open', 'red') && desk.model.messages('red')?.length === 1);
  expect(server.parts.at(-1)).toBe('conversation:red');
});

test('[R6] what differs from the server is found by its digests and repaired', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  onTestFinished(() => warn.mockRestore());
  const server = buildServer();
  const { desk, held, stores } = await open(server);
  await until(() => desk.connection.kind === 'online' && shows(desk, 'done', 'open', 'red'));
  await vi.waitFor(async () => expect(await desk.verifyCopy()).toMatchObject({ repaired: [] }));
  await stores()?.messages.findOne('of-open').remove();
  await stores()?.customers.insert({ ...buildCustomer({ id: 'nobody' }), replicaSeq: 2, replicaEpoch: 1 });
  const report = await desk.verifyCopy();
  expect(report?.repaired.map(({ collection }) => collection)).toEqual(['customer', 'message']);
  expect(await held()).toEqual(readServer(server));
  expect((await desk.verifyCopy())?.repaired).toEqual([]);
});

test('[R8] after a restore, commands of since then are offered again with what was seen of them, those of before are not', async () => {
  const server = buildServer();
  const { desk, device } = await open(server, new TestDevice('kept'));
  await until(() => desk.connection.kind === 'online');
  const before = await desk.send({ type: 'reply', conversationId: 'open', text: 'in the backup' });
  await until(() => desk.model.pendingCount === 0);
  server.nowMs = TEST_NOW + 60_000;
  device.events?.onWake();
  await until(() => desk.now() >= TEST_NOW + 60_000);
  const sent = await desk.send({ type: 'reply', conversationId: 'open', text: 'sent since' });
  const queued = await desk.send({ type: 'tag', conversationId: 'open', add: ['vip'] });
  await until(() => server.applied.includes(queued) && desk.model.pendingCount === 0);
  const message = server.doc<Message>('message', sent);
  if (message)
    server.commit(['message', buildMessage({ ...message, status: 'delivered', externalId: '<sent@since>' })]);
  await until(() => desk.model.messages('open')?.find(({ id }) => id === sent)?.status === 'delivered');

  const offered: CommandInput[] = [];
  const send = server.sendCommands.bind(server);
  server.sendCommands = (commands, signal) => {
    offered.push(...commands);
    return send(commands, signal);
  };
  server.restore(TEST_NOW + 30_000);
  device.passTime();
  await until(() => offered.length === 2 && desk.model.pendingCount === 0);
  expect(offered).toMatchObject([
    { id: sent, text: 'sent since', restored: { status: 'sent', externalId: '<sent@since>' } },
    { id: queued, restored: { status: 'applied' } },
  ]);
  expect(offered.map(({ id }) => id)).not.toContain(before);
  await until(() => desk.model.messages('open')?.length === 3);
});

/**
 * Fills a copy while the desk changes under it, on a device that dies at the given write and is started again.
 *
 * @returns false when all was done before that write.
 */
async function fillAndDie(write: number): Promise<boolean> {
  const server = buildServer();
  server.itemsPerPage = 2;
  const script = [
    () => server.remove('message', 'of-done'),
    () => server.place('conversation', 'red', ['team:blue']),
    () => server.commit(['message', buildMessage({ id: 'late', conversationId: 'done' })]),
    () => server.setAccess(['desk', 'team:blue']),
    () => server.place('conversation', 'open', ['team:red']),
    () => server.setAccess(['desk', 'team:red', 'team:blue']),
    () => server.say('resync'),
  ];
  server.beforePart = () => script.shift()?.();
  const device = new TestDevice('kept');
  const { desk, held } = await open(server, device);
  device.disk.writesLeft = write;
  const expectSame = async (read: typeof held) => {
    device.passTime();
    script.shift()?.();
    expect(script).toEqual([]);
    expect(await read()).toEqual(readServer(server));
  };
  await vi.waitFor(() => (device.disk.writesLeft > 0 ? expectSame(held) : undefined), { timeout: 4_000, interval: 2 });
  const died = device.disk.writesLeft <= 0;
  await desk.close();
  if (!died) return false;
  device.disk.repair();
  const again = await open(server, device);
  await vi.waitFor(() => expectSame(again.held), { timeout: 4_000, interval: 2 });
  await again.desk.close();
  return true;
}

test('[R6] a device that dies at any one write ends with the same copy', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => error.mockRestore());
  let write = 1;
  while (await fillAndDie(write)) write += 1;
  expect(write).toBeGreaterThan(30);
}, 60_000);
