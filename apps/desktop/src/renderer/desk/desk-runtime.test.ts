import type { CommandInput } from '@tradewind/shared/commands/registry';
import { type Conversation, conversationSchema } from '@tradewind/shared/schemas/conversation';
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
import { FakeServer } from '../replication/testing/fake-server.ts';
import type { DeskRuntime } from './desk-runtime.ts';
import { TestDevice } from './testing/open-test-desk.ts';
import type { ThreadMessage } from './types.ts';

const CONVERSATION = 'conversation-1';
const unreachable = { kind: 'unreachable', reason: 'no network' } as const;

function openServer(): FakeServer {
  const server = new FakeServer('agent-1');
  server.commit(['directory', buildAgent()], ['directory', buildChannel()]);
  server.commit(['customer', buildCustomer()], ['conversation', buildConversation()], ['message', buildMessage()]);
  return server;
}

async function startOn(device: TestDevice, server: FakeServer): Promise<DeskRuntime> {
  const desk = await device.start(server);
  onTestFinished(() => desk.close());
  return desk;
}

async function openOnline(kind: 'memory' | 'disk' = 'memory') {
  const server = openServer();
  const device = new TestDevice(kind);
  const desk = await startOn(device, server);
  await until(() => desk.connection.kind === 'online');
  await until(() => desk.model.messages(CONVERSATION)?.length === 1);
  return { server, device, desk };
}

const until = (condition: () => unknown) => vi.waitFor(() => expect(condition()).toBeTruthy(), { interval: 1 });
const isQuiet = (server: FakeServer, desk: DeskRuntime) => () =>
  desk.connection.kind === 'online' && desk.model.pendingCount === 0 && !row(desk)?.pending && server.seq > 0;
const row = (desk: DeskRuntime) => desk.model.conversationList('all')?.find((r) => r.conversation.id === CONVERSATION);
const texts = (desk: DeskRuntime) => desk.model.messages(CONVERSATION)?.map(({ text }) => text);
const reply = (text: string) => ({ type: 'reply', conversationId: CONVERSATION, text }) as const;
const serverMessages = (server: FakeServer, ids: readonly string[]) =>
  ids.map((id) => server.doc<Message>('message', id)?.text);

/** Every state the thread goes through, as the screen would paint it. */
function recordThread(desk: DeskRuntime): ThreadMessage[][] {
  const states: ThreadMessage[][] = [];
  const take = () => {
    const messages = desk.model.messages(CONVERSATION);
    if (messages && messages !== states.at(-1)) states.push([...messages]);
  };
  onTestFinished(desk.model.threads.subscribe(CONVERSATION, take));
  return states;
}

test('a new console pulls everything, then follows live frames', async () => {
  const { server, desk } = await openOnline();
  expect(row(desk)).toMatchObject({ customerName: 'Mei Lin', pending: false });
  expect(desk.model.queueCounts).toMatchObject({ unassigned: 1, pending: 1, mine: 0, all: 1 });
  const pulls = server.pulls;
  server.commit(['message', buildMessage({ id: 'm2', text: 'Still waiting', sentAt: TEST_NOW + 1 })]);
  await until(() => texts(desk)?.includes('Still waiting'));
  expect(server.pulls).toBe(pulls);
});

test('[R7] a frame with a gap makes the client pull', async () => {
  const { server, desk } = await openOnline();
  server.held = [];
  server.commit(['message', buildMessage({ id: 'm2', text: 'lost' })]);
  server.commit(['message', buildMessage({ id: 'm3', text: 'seen' })]);
  const pulls = server.pulls;
  server.deliver([1]);
  await until(() => texts(desk)?.length === 3);
  expect(server.pulls).toBe(pulls + 1);
});

test('[R7] frames lost, doubled and out of order cost time, never data', async () => {
  const { server, desk } = await openOnline();
  server.held = [];
  for (let index = 0; index < 6; index++)
    server.commit(['message', buildMessage({ id: `x${index}`, text: `${index}` })]);
  server.deliver([4, 1, 1, 5]);
  server.commit(['customer', buildCustomer({ name: 'Mei Lin-Park' })]);
  server.deliver([0, 0]);
  await until(() => row(desk)?.customerName === 'Mei Lin-Park');
  expect(texts(desk)).toHaveLength(7);
});

test('[R7] a frame that begins before our checkpoint and ends after it is applied without a pull', async () => {
  const { server, desk } = await openOnline();
  server.held = [];
  const from = server.seq;
  server.commit(['message', buildMessage({ id: 'm2', text: 'one' })]);
  server.deliver([0]);
  await until(() => texts(desk)?.length === 2);
  server.held = [];
  server.commit(['message', buildMessage({ id: 'm3', text: 'two' })]);
  for (const { frame } of server.held) frame.fromSeq = from;
  const pulls = server.pulls;
  server.deliver();
  await until(() => texts(desk)?.length === 3);
  expect(server.pulls).toBe(pulls);
});

test.each(['resync', 'access-changed'] as const)('%s pulls anew and keeps what is on the screen', async (event) => {
  const { server, desk } = await openOnline();
  const states = recordThread(desk);
  server.held = [];
  server.remove('customer', 'customer-1'); // the console never hears of it by a frame
  server.commit(['conversation', buildConversation({ subject: 'Renewed' })]);
  server.held = null;
  if (event === 'access-changed') server.accessVersion += 1;
  server.say(event);
  await until(() => row(desk)?.conversation.subject === 'Renewed' && desk.connection.kind === 'online');
  expect(desk.model.conversation(CONVERSATION)?.subject).toBe('Renewed');
  expect(states.every((state) => state.length === 1)).toBe(true);
  await until(() => desk.model.customer('customer-1') === null);
});

test('[R6] after a restore from a backup the console holds the restored history, and its own commands once', async () => {
  const { server, device, desk } = await openOnline('disk');
  server.commit(['message', buildMessage({ id: 'm2', text: 'kept' })]);
  await desk.send(reply('before the restore'));
  await until(isQuiet(server, desk));
  await until(() => texts(desk)?.length === 3);
  server.restore();
  await until(() => desk.connection.kind === 'offline');
  device.passTime();
  await until(() => desk.connection.kind === 'online');
  expect(texts(desk)?.toSorted()).toEqual(['Hello, where is my order?', 'before the restore', 'kept']);
  await until(() => desk.model.pendingCount === 0);
});

test('offline, three replies and a status change; online: once each, in order', async () => {
  const { server, device, desk } = await openOnline('disk');
  server.outage = unreachable;
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  const ids = [];
  for (const text of ['one', 'two', 'three']) ids.push(await desk.send(reply(text)));
  ids.push(await desk.send({ type: 'set-status', conversationId: CONVERSATION, status: 'resolved' }));
  expect(texts(desk)).toEqual(['Hello, where is my order?', 'one', 'two', 'three']);
  expect(desk.model.messages(CONVERSATION)?.slice(1)).toMatchObject([{ status: 'queued', local: true }, {}, {}]);
  expect(desk.model.conversationList('resolved')).toMatchObject([
    { pending: true, conversation: { preview: 'three' } },
  ]);
  expect(desk.model.queueCounts).toMatchObject({ resolved: 1, pending: 0, open: 0 });
  expect(desk.model.pendingCount).toBe(4);

  server.outage = null;
  device.passTime();
  await until(isQuiet(server, desk));
  expect(server.applied).toEqual(ids);
  expect(serverMessages(server, ids.slice(0, 3))).toEqual(['one', 'two', 'three']);
  expect(texts(desk)).toEqual(['Hello, where is my order?', 'one', 'two', 'three']);
  expect(server.doc<Conversation>('conversation', CONVERSATION)?.status).toBe('resolved');
});

test('what was written offline survives a restart of the console and is sent then', async () => {
  const { server, device, desk } = await openOnline('disk');
  server.outage = unreachable;
  server.cut();
  const id = await desk.send(reply('written on the train'));
  await desk.close();
  const again = await startOn(device, server);
  await until(() => texts(again)?.length === 2);
  expect(again.model.messages(CONVERSATION)?.at(-1)).toMatchObject({ id, status: 'queued', local: true });
  await until(() => row(again)?.pending);
  server.outage = null;
  device.passTime();
  await until(isQuiet(server, again));
  expect(server.applied).toEqual([id]);
});

test('[R8] killed while a batch was on its way, the command is sent again and carried out once', async () => {
  const { server, device, desk } = await openOnline('disk');
  let arrived = () => undefined as undefined;
  const carriedOut = new Promise<void>((resolve) => {
    arrived = () => void resolve();
  });
  server.beforeAnswer = () => {
    arrived();
    return new Promise<boolean>(() => undefined); // the answer never comes back
  };
  server.held = []; // nor does a frame
  const id = await desk.send(reply('once'));
  await carriedOut;
  await desk.close();
  server.beforeAnswer = () => true;
  server.held = null;
  const again = await startOn(device, server);
  await until(isQuiet(server, again));
  expect(server.applied).toEqual([id]);
  expect(texts(again)).toEqual(['Hello, where is my order?', 'once']);
});

test('[R8] an answer lost on the way is asked for again under the same id', async () => {
  const { server, device, desk } = await openOnline();
  server.held = [];
  server.beforeAnswer = () => false;
  const id = await desk.send(reply('once'));
  await until(() => device.timers.length > 0);
  expect(desk.model.pendingCount).toBe(1);
  server.beforeAnswer = () => true;
  device.passTime();
  await until(() => desk.model.pendingCount === 0);
  server.deliver();
  await until(isQuiet(server, desk));
  expect(server.applied).toEqual([id]);
  expect(server.batches).toEqual([[id], [id]]);
});

test.each([
  ['the frame before the answer', true],
  ['the answer before the frame', false],
])('[R9] no flicker with %s: the message never vanishes nor doubles', async (_name, frameFirst) => {
  const { server, desk } = await openOnline();
  const states = recordThread(desk);
  const rows: (string | undefined)[] = [];
  onTestFinished(desk.model.conversationsChanged.subscribe(() => rows.push(row(desk)?.conversation.status)));
  let release = () => undefined as undefined;
  if (frameFirst) {
    server.beforeAnswer = () =>
      new Promise<boolean>((resolve) => {
        release = () => void resolve(true);
      });
  } else {
    server.held = [];
  }
  const id = await desk.send(reply('hello'));
  if (frameFirst) {
    await until(() => desk.model.messages(CONVERSATION)?.some((message) => message.id === id && !message.local));
    release();
  } else {
    await until(() => desk.model.pendingCount === 0);
    expect(desk.model.messages(CONVERSATION)?.at(-1)).toMatchObject({ id, local: true, status: 'sending' });
    server.deliver();
  }
  await until(isQuiet(server, desk));
  expect(desk.model.messages(CONVERSATION)?.at(-1)).toMatchObject({ id, local: false });
  const firstShown = states.findIndex((state) => state.length === 2);
  for (const state of states.slice(firstShown)) {
    expect(state.filter((message) => message.id === id)).toHaveLength(1);
    expect(state).toHaveLength(2);
  }
  // Taken into progress by the reply at once, and never back.
  expect(rows.slice(rows.indexOf('open')).every((status) => status === 'open')).toBe(true);
});

test('[R9] the view after the answer equals the server’s state', async () => {
  const { server, desk } = await openOnline();
  await desk.send({ type: 'assign', conversationId: CONVERSATION, agentId: 'agent-1' });
  await desk.send({ type: 'tag', conversationId: CONVERSATION, add: ['vip'] });
  await desk.send(reply('hello'));
  await desk.send({ type: 'note', conversationId: CONVERSATION, text: 'called her' });
  const optimistic = row(desk)?.conversation;
  await until(isQuiet(server, desk));
  const fromServer = conversationSchema.parse(server.doc('conversation', CONVERSATION));
  expect(conversationSchema.parse(row(desk)?.conversation)).toEqual(fromServer);
  expect(conversationSchema.parse(optimistic)).toEqual(fromServer);
  expect(desk.model.queueCounts).toMatchObject({ mine: 1, unassigned: 0, open: 1, pending: 0 });
});

test('a rejected command stays as a problem with its text until it is dismissed; nothing of it is shown', async () => {
  const { server, desk } = await openOnline();
  server.held = [];
  server.remove('conversation', CONVERSATION);
  const id = await desk.send(reply('too late'));
  expect(texts(desk)).toContain('too late');
  await until(() => desk.model.problems.length === 1);
  expect(desk.model.problems[0]).toMatchObject({
    commandId: id,
    type: 'reply',
    conversationId: CONVERSATION,
    text: 'too late',
    reason: { kind: 'not-found', what: 'conversation' },
  });
  expect(texts(desk)).not.toContain('too late');
  expect(desk.model.pendingCount).toBe(0);
  await desk.dismissProblem(id);
  expect(desk.model.problems).toEqual([]);
});

test('a batch the server cannot read is split until the one command at fault is found', async () => {
  const { server, device, desk } = await openOnline();
  server.outage = unreachable;
  server.cut();
  const ids: string[] = [];
  for (let index = 0; index < 60; index++) ids.push(await desk.send(reply(`${index}`)));
  const bad = ids[37] ?? '';
  server.unreadable.add(bad);
  server.outage = null;
  device.passTime();
  await until(() => desk.model.pendingCount === 0);
  expect(server.applied).toEqual(ids.filter((id) => id !== bad));
  expect(desk.model.problems).toMatchObject([{ commandId: bad, reason: { kind: 'invalid' }, text: '37' }]);
  expect(Math.max(...server.batches.map((batch) => batch.length))).toBe(50);
});

test('a server that is busy is asked again no sooner than it said', async () => {
  const { server, device, desk } = await openOnline();
  let busy = true;
  server.beforeCommands = () => {
    server.outage = busy ? { kind: 'busy', reason: 'HTTP 429', retryAfterMs: 42_000 } : null;
  };
  await desk.send(reply('patience'));
  await until(() => device.timers.some(({ delayMs }) => delayMs === 42_000));
  busy = false;
  server.outage = null;
  device.passTime();
  await until(isQuiet(server, desk));
  expect(server.applied).toHaveLength(1);
});

test('401 locks the console and keeps the queue until the agent is back', async () => {
  const { server, device, desk } = await openOnline();
  server.outage = { kind: 'unauthenticated' };
  await desk.send(reply('kept'));
  await until(() => desk.connection.kind === 'locked');
  expect(device.timers).toEqual([]);
  expect(desk.model.pendingCount).toBe(1);
  server.outage = null;
  desk.retryNow();
  await until(isQuiet(server, desk));
  expect(server.applied).toHaveLength(1);
});

test('a console that starts without network still knows how wrong its clock is', async () => {
  const server = openServer();
  const device = new TestDevice('disk');
  device.clockBehindMs = 3_600_000;
  const desk = await startOn(device, server);
  await until(() => desk.connection.kind === 'online');
  await desk.close();
  server.outage = unreachable;
  const again = await startOn(device, server);
  expect(Math.abs(again.now() - server.nowMs)).toBeLessThan(60_000);
});

test('426 says that the console is outdated and keeps the queue', async () => {
  const { server, desk } = await openOnline();
  server.outage = { kind: 'outdated' };
  server.cut();
  desk.retryNow();
  await until(() => desk.connection.kind === 'outdated');
  await desk.send(reply('kept'));
  expect(desk.model.pendingCount).toBe(1);
});

test('a lost network is told once, with the time since when', async () => {
  const { server, device, desk } = await openOnline();
  const kinds: string[] = [];
  onTestFinished(desk.connectionChanged.subscribe(() => kinds.push(desk.connection.kind)));
  server.outage = unreachable;
  device.events?.onOffline();
  server.nowMs += 60_000;
  device.passTime();
  await until(() => device.timers.length > 0 && server.pulls > 1);
  expect(desk.connection).toEqual({ kind: 'offline', sinceMs: TEST_NOW, reason: expect.any(String) });
  expect(new Set(kinds)).toEqual(new Set(['offline']));
  server.outage = null;
  device.events?.onOnline();
  await until(() => desk.connection.kind === 'online');
});

test('a failed message is retried and a started conversation is shown before the server knows of them', async () => {
  const { server, device, desk } = await openOnline();
  const failed = buildMessage({
    id: 'out-1',
    direction: 'out',
    authorType: 'agent',
    status: 'failed',
    failure: { kind: 'bounced', text: 'no such user' },
    sentAt: TEST_NOW + 1,
  });
  server.commit(['message', failed]);
  await until(() => texts(desk)?.length === 2);
  server.outage = unreachable;
  server.cut();
  await desk.send({ type: 'retry-message', messageId: 'out-1' });
  expect(desk.model.messages(CONVERSATION)?.at(-1)).toMatchObject({ status: 'queued', failure: null, local: false });
  const started = await desk.send({
    type: 'start-conversation',
    channelAccountId: 'channel-1',
    to: 'lee@example.com',
    subject: 'Your parcel',
    text: 'Hello Lee',
  });
  await until(() => desk.model.messages(started)?.length === 1);
  const [first] = desk.model.conversationList('mine') ?? [];
  expect(first).toMatchObject({
    customerName: 'lee@example.com',
    pending: true,
    conversation: { subject: 'Your parcel' },
  });
  server.outage = null;
  device.passTime();
  await until(() => desk.model.pendingCount === 0 && !desk.model.conversationList('mine')?.[0]?.pending);
  expect(server.doc<Message>('message', 'out-1')?.status).toBe('queued');
  expect(desk.model.messages(started)).toMatchObject([{ text: 'Hello Lee', local: false }]);
});

test('a command the server would refuse as unreadable is not queued', async () => {
  const { desk } = await openOnline();
  await expect(desk.send(reply('   '))).rejects.toThrow('text must not be empty');
  expect(desk.model.pendingCount).toBe(0);
});

test('instants are made by the server’s clock', async () => {
  const { server, device, desk } = await openOnline();
  const serverNow = TEST_NOW + 7_200_000;
  const pull = server.pull.bind(server);
  server.pull = async (request) => {
    const answer = await pull(request);
    return answer.ok ? { ...answer, value: { ...answer.value, serverTime: serverNow } } : answer;
  };
  device.events?.onWake();
  await until(() => desk.now() === serverNow);
  const batches: CommandInput[] = [];
  const send = server.sendCommands.bind(server);
  server.sendCommands = (commands, signal) => {
    batches.push(...commands);
    return send(commands, signal);
  };
  await desk.send(reply('on time'));
  await until(() => batches.length === 1);
  expect(batches[0]?.at).toBe(serverNow);
});

test('a draft is there at once, survives a restart, and is not lost to a page that dies', async () => {
  const { server, device, desk } = await openOnline('disk');
  desk.drafts.set('conversation-1:reply', 'Dear M');
  expect(desk.drafts.get('conversation-1:reply')).toBe('Dear M');
  await desk.close();
  const second = await startOn(device, server);
  expect(second.drafts.get('conversation-1:reply')).toBe('Dear M');
  second.drafts.set('conversation-1:reply', 'Dear Me');
  const saved = second.drafts.save();
  second.drafts.set('conversation-1:reply', 'Dear Mei');
  await saved; // of what was there when it began
  const leftBehind = device.leftBehind;
  expect(leftBehind).toContain('Dear Mei');
  await second.close();
  device.leftBehind =
    leftBehind?.replace('Dear Mei', 'Dear Mei,').replace(/"updatedAt":\d+/, `"updatedAt":${TEST_NOW + 1}`) ?? null;
  const third = await startOn(device, server);
  expect(third.drafts.get('conversation-1:reply')).toBe('Dear Mei,');
  expect(device.leftBehind).toBeNull();
});

test('logging out with erase leaves nothing of the agent on the device', async () => {
  const { server, device, desk } = await openOnline('disk');
  desk.drafts.set('conversation-1:note', 'private');
  server.outage = unreachable;
  server.cut();
  await desk.send(reply('never sent'));
  await desk.logOut({ erase: true });
  const again = await startOn(device, server);
  await until(() => again.model.conversationList('all') !== undefined);
  expect(again.drafts.get('conversation-1:note')).toBe('');
  expect(again.model.pendingCount).toBe(0);
  expect(again.model.conversationList('all')).toEqual([]);
});

test('[R15] what the server has erased leaves nothing of the agent on the device, and the desk is told once', async () => {
  const { server, device, desk } = await openOnline('disk');
  const told: string[] = [];
  desk.onErased((reason) => told.push(reason));
  desk.drafts.set('conversation-1:note', 'private');
  server.outage = unreachable;
  server.cut();
  await desk.send(reply('never sent'));
  await Promise.all([desk.eraseAll('revoked'), desk.eraseAll('disabled')]);
  expect(told).toEqual(['revoked']);
  expect(device.erased).toEqual(['begin revoked', 'finish']);
  const again = await startOn(device, server);
  await until(() => again.model.conversationList('all') !== undefined);
  expect(again.drafts.get('conversation-1:note')).toBe('');
  expect(again.model.unsent).toEqual([]);
  expect(again.model.conversationList('all')).toEqual([]);
});

test('what has not been sent is known by name: what, where, and its words', async () => {
  const { server, desk } = await openOnline();
  server.outage = unreachable;
  server.cut();
  await desk.send(reply('on its way'));
  await desk.send({ type: 'set-status', conversationId: 'conversation-1', status: 'resolved' });
  await until(() => desk.model.unsent.length === 2);
  expect(desk.model.unsent).toMatchObject([
    { type: 'reply', conversationId: 'conversation-1', text: 'on its way' },
    { type: 'set-status', conversationId: 'conversation-1', text: null },
  ]);
});
