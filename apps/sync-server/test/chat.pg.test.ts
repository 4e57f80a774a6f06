import { gzipSync } from 'node:zlib';
import { createUuidV7 } from '@tradewind/shared/ids';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createLogger } from '../src/observability/logger.ts';
import { findConversation, IDENTITY_SECRET, SHOP_ORIGIN, startChatDesk } from './chat-desk.ts';
import { newId, newToken, openWidget, type TestWidget } from './chat-widget.ts';
import type { Api, TestDesk } from './desk.ts';

const lines: string[] = [];
let clockOffsetMs = 0;
let desk: TestDesk;
let accountId: string;
const open: { close(): void }[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  const log = createLogger('debug', { write: (line) => lines.push(line) });
  ({ desk, accountId } = await startChatDesk({ now: () => Date.now() + clockOffsetMs, log }));
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => desk.close());

async function visit(options: Parameters<typeof openWidget>[2] = {}): Promise<TestWidget> {
  const widget = await openWidget(desk.url, accountId, options);
  open.push(widget);
  tokens.push(widget.token, widget.welcome.uploadKey);
  return widget;
}

/** A console's socket that remembers what it hears. */
async function openConsole(
  agent: Api,
): Promise<{ socket: Socket; typing: unknown[]; presence: Record<string, string>[] }> {
  const socket = io(desk.url, { auth: { token: agent.token }, transports: ['websocket'], forceNew: true });
  open.push(socket);
  const typing: unknown[] = [];
  const presence: Record<string, string>[] = [];
  socket.on('typing', (signal) => typing.push(signal));
  socket.on('presence', ({ agents }) => presence.push(agents));
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return { socket, typing, presence };
}

/** A visitor with a talk under way. */
async function talk(text: string) {
  const visitor = await visit();
  const accepted = await visitor.send(text);
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(1));
  return { visitor, accepted, conversation: await findConversation(desk, text) };
}

const reply = (conversationId: string, text: string, agent: Api = desk.mei) =>
  agent.command({ type: 'reply', conversationId, text, seenMessageId: null });
const statusOf = async (messageId = '') => (await desk.mei.get(`/api/messages/${messageId}`)).status;

test('a visitor writes, an agent answers, and each sees what the other did', async () => {
  const { visitor, accepted, conversation } = await talk('还没收到货 😟');
  expect(accepted).toEqual({ id: visitor.messages()[0]?.id, at: expect.any(Number) });
  expect(visitor.messages()).toMatchObject([{ author: 'visitor', text: '还没收到货 😟', at: accepted.at }]);
  expect(conversation).toMatchObject({
    status: 'pending',
    channelKind: 'web-chat',
    subject: '',
    preview: '还没收到货 😟',
  });
  expect(visitor.conversations).toMatchObject([{ id: conversation.id, state: 'open', askRating: false }]);
  const { messageId } = await reply(conversation.id, '马上帮你查');
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  const answer = visitor.messages()[1];
  expect(answer).toMatchObject({
    id: messageId,
    author: 'agent',
    authorName: 'Mei',
    text: '马上帮你查',
    attachments: [],
  });
  expect(Object.keys(answer ?? {}).toSorted()).toEqual([
    ...['at', 'attachments', 'author', 'authorName', 'conversationId', 'id', 'order', 'recalled', 'text'],
  ]);
  expect(JSON.stringify(visitor.messages())).not.toContain('@shop.example');
  expect(await desk.mei.get(`/api/conversations/${conversation.id}`)).toMatchObject({ status: 'open' });
});

test('[R1][R2] the same message twenty times, over two sockets and again after a reconnect, is one', async () => {
  const token = newToken();
  const [first, second] = [await visit({ token }), await visit({ token })];
  const id = newId();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? first : second).send('only once', id)),
  );
  for (const accepted of all) expect(accepted).toEqual({ id, at: expect.any(Number) });
  first.close();
  const third = await visit({ token });
  expect(await third.send('only once', id)).toMatchObject({ id });
  const conversation = await findConversation(desk, 'only once');
  await vi.waitFor(async () => {
    const { items } = await desk.admin.get(`/api/inbound-events?accountId=${accountId}&state=duplicate&limit=200`);
    expect(items.length).toBeGreaterThanOrEqual(20);
  });
  const { items } = await desk.mei.get(`/api/conversations/${conversation.id}/messages`);
  expect(items).toHaveLength(1);
  expect((await third.history()).messages).toHaveLength(1);
});

test('[R1] an acknowledgement means that the event is committed', async () => {
  const visitor = await visit();
  desk.server.setProcessingPaused(true);
  try {
    const { id } = await visitor.send('written before anything is done with it');
    const stored = await desk.database.db
      .selectFrom('inbound_events')
      .select('topic')
      .where('dedupe_key', 'like', `message:%/${id}`)
      .execute();
    expect(stored).toEqual([{ topic: 'message' }]);
  } finally {
    desk.server.setProcessingPaused(false);
  }
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(1));
});

test('every tab and device of a visitor gets every message, and typing', async () => {
  const token = newToken();
  const tabs = await Promise.all([visit({ token }), visit({ token }), visit({ token })]);
  await tabs[0]?.send('from the first tab');
  await tabs[2]?.send('from the third tab');
  const conversation = await findConversation(desk, 'from the third tab');
  await reply(conversation.id, 'to all of them');
  for (const tab of tabs) {
    await vi.waitFor(() =>
      expect(tab.messages().map((message) => message.text)).toEqual([
        'from the first tab',
        'from the third tab',
        'to all of them',
      ]),
    );
  }
});

test('notes, and what has not been sent, are never shown', async () => {
  const { visitor, conversation } = await talk('show me everything');
  await desk.mei.command({ type: 'note', conversationId: conversation.id, text: 'he is difficult' });
  const later = await desk.mei.command({
    ...{ type: 'reply', conversationId: conversation.id, text: 'not before tomorrow', seenMessageId: null },
    sendAt: Date.now() + 86_400_000,
  });
  expect(later.status).toBe('applied');
  await reply(conversation.id, 'that is all');
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  const history = JSON.stringify([await visitor.history(), await visitor.history({ after: 1 }), visitor.told]);
  expect(history).toContain('that is all');
  expect(history).not.toContain('difficult');
  expect(history).not.toContain('tomorrow');
});

test('history: the newest page, older ones before a message, and what changed since', async () => {
  const { visitor, conversation } = await talk('message 0');
  for (let index = 1; index < 30; index++) await visitor.send(`message ${index}`);
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(30));
  const more = await visit({ token: visitor.token });
  for (let index = 30; index < 60; index++) {
    // A patient visitor: who is told to wait, waits.
    for (;;) {
      const answer = await more.send(`message ${index}`);
      if (!answer.problem) break;
      await new Promise((resolve) => setTimeout(resolve, answer.problem.retryAfterMs));
      clockOffsetMs += 30_000;
    }
  }
  await vi.waitFor(() => expect(more.messages()).toHaveLength(30));
  const newest = await more.history();
  expect(newest.messages.map((one) => one.text)).toEqual(
    Array.from({ length: 50 }, (_, index) => `message ${index + 10}`),
  );
  expect(newest).toMatchObject({ hasOlder: true, more: false, conversation: { id: conversation.id, state: 'open' } });
  const older = await more.history({ before: newest.messages[0]?.id });
  expect(older.messages.map((one) => one.text)).toEqual(Array.from({ length: 10 }, (_, index) => `message ${index}`));
  expect(older.hasOlder).toBe(false);
  expect(await more.history({ after: newest.cursor })).toMatchObject({ messages: [], cursor: newest.cursor });
  const { messageId } = await reply(conversation.id, 'news');
  await vi.waitFor(() => expect(more.messages().at(-1)?.text).toBe('news'));
  const changed = await more.history({ after: String(newest.cursor) });
  expect(changed.messages).toMatchObject([{ id: messageId, text: 'news' }]);
  expect(await more.history({ before: messageId })).toMatchObject({ messages: { length: 50 } });
  // A cursor of a database that was restored to an earlier time.
  expect((await more.history({ after: 999_999_999 })).messages).toHaveLength(50);
});

test('receipts: what arrived is delivered, what was on screen is read; twice is once', async () => {
  const { visitor, conversation } = await talk('tell me when you know');
  const { messageId = '' } = await reply(conversation.id, 'now we know');
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  expect(await statusOf(messageId)).toBe('sent');
  visitor.socket.emit('receipt', { delivered: [messageId] });
  await vi.waitFor(async () => expect(await statusOf(messageId)).toBe('delivered'));
  for (let time = 0; time < 5; time++) visitor.socket.emit('receipt', { delivered: [messageId], read: [messageId] });
  await vi.waitFor(async () => expect(await statusOf(messageId)).toBe('read'));
  const receipts = () =>
    desk.database.db.selectFrom('inbound_events').select('id').where('topic', '=', 'receipt').execute();
  const before = await receipts();
  expect(await visitor.ask('receipt', { delivered: [messageId], read: [messageId, 'nonsense', '\u0000'] })).toBeNull();
  expect(await receipts()).toHaveLength(before.length);
});

test('“seen” is told when an agent has the message on screen, and when he answers', async () => {
  const { visitor, conversation } = await talk('do you read this?');
  const { socket } = await openConsole(desk.mei);
  const { items } = await desk.mei.get(`/api/conversations/${conversation.id}/messages`);
  socket.emit('seen', { conversationId: conversation.id, messageId: items[0].id });
  const order = visitor.messages()[0]?.order;
  await vi.waitFor(() => expect(visitor.seen).toEqual([order]));
  expect((await visitor.history()).conversation.seenOrder).toBe(order);
  await visitor.send('and this?');
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  await reply(conversation.id, 'yes');
  await vi.waitFor(() => expect(visitor.seen).toEqual([order, visitor.messages()[1]?.order]));
  // A message that was never there, one of somebody else, and what is older than what was seen change nothing.
  const other = await talk('a stranger to that');
  const foreign = await desk.mei.get(`/api/conversations/${other.conversation.id}/messages`);
  for (const messageId of ['nothing', foreign.items[0].id, items[0].id]) {
    socket.emit('seen', { conversationId: conversation.id, messageId });
  }
  await reply(conversation.id, 'really');
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(4));
  expect(visitor.seen).toHaveLength(2);
  expect(other.visitor.seen).toEqual([]);
});

test('[R15] typing goes both ways, and only to those who may see the conversation', async () => {
  const team = await desk.admin.call('POST', '/api/teams', { name: 'Chat team' });
  await desk.admin.call('PATCH', `/api/channels/${accountId}`, { teamIds: [team.body.id] });
  await desk.admin.call('PATCH', `/api/agents/${desk.mei.agentId}`, { teamIds: [team.body.id] });
  try {
    const { visitor, conversation } = await talk('who is there?');
    const [mei, sam] = [await openConsole(desk.mei), await openConsole(desk.sam)];
    visitor.socket.emit('typing', { typing: true });
    const { id: conversationId } = conversation;
    await vi.waitFor(() => expect(mei.typing).toEqual([{ conversationId, typing: true }]));
    await visitor.send('done');
    await vi.waitFor(() => expect(mei.typing.at(-1)).toEqual({ conversationId, typing: false }));
    sam.socket.emit('typing', { conversationId, typing: true });
    mei.socket.emit('typing', { conversationId, typing: true });
    await vi.waitFor(() => expect(visitor.typing).toEqual([{ typing: true, name: 'Mei' }]));
    mei.socket.close();
    await vi.waitFor(() => expect(visitor.typing.at(-1)).toEqual({ typing: false, name: 'Mei' }));
    expect(visitor.typing).toHaveLength(2);
    expect(sam.typing).toEqual([]);
    await desk.mei.command({ type: 'assign', conversationId, agentId: desk.sam.agentId });
    visitor.socket.emit('typing', { typing: true });
    await vi.waitFor(() => expect(sam.typing).toEqual([{ conversationId, typing: true }]));
    await desk.mei.command({ type: 'assign', conversationId, agentId: null });
    const { items } = await desk.mei.get(`/api/conversations/${conversationId}/messages`);
    sam.socket.emit('seen', { conversationId, messageId: items[0].id });
    await visitor.ask('history');
    expect(visitor.seen).toEqual([]);
  } finally {
    await desk.admin.call('PATCH', `/api/channels/${accountId}`, { teamIds: [] });
    await desk.admin.call('PATCH', `/api/agents/${desk.mei.agentId}`, { teamIds: [] });
  }
});

test('presence: the best of an agent’s consoles; visitors learn whether anybody is there', async () => {
  const watcher = await openConsole(desk.admin);
  const visitor = await visit();
  const settings: { agentsOnline: boolean }[] = [];
  visitor.socket.on('settings', (one) => settings.push(one));
  const latest = () => watcher.presence.at(-1)?.[desk.sam.agentId];
  const [desktop, phone] = [await openConsole(desk.sam), await openConsole(desk.sam)];
  expect(desktop.presence[0]?.[desk.sam.agentId]).toBe('online');
  desktop.socket.emit('presence', { state: 'away' });
  await vi.waitFor(() => expect(latest()).toBe('online'));
  phone.socket.emit('presence', { state: 'away' });
  await vi.waitFor(() => expect(latest()).toBe('away'));
  watcher.socket.emit('presence', { state: 'away' });
  await vi.waitFor(() => expect(settings.at(-1)?.agentsOnline ?? visitor.welcome.settings.agentsOnline).toBe(false));
  phone.socket.emit('presence', { state: 'online' });
  await vi.waitFor(() => expect(settings.at(-1)?.agentsOnline).toBe(true));
  desktop.socket.close();
  phone.socket.close();
  await vi.waitFor(() => expect(latest()).toBeUndefined());
});

test('resolved, then written to again, is the same conversation; after thirty days a new one that names it', async () => {
  const { visitor, conversation } = await talk('first of all');
  await desk.mei.command({ type: 'set-status', conversationId: conversation.id, status: 'resolved' });
  await vi.waitFor(() => expect(visitor.conversations.at(-1)).toMatchObject({ state: 'resolved' }));
  await visitor.send('one more thing');
  await vi.waitFor(() => expect(visitor.conversations.at(-1)).toMatchObject({ id: conversation.id, state: 'open' }));
  await desk.mei.command({ type: 'set-status', conversationId: conversation.id, status: 'resolved' });
  await vi.waitFor(() => expect(visitor.conversations.at(-1)).toMatchObject({ state: 'resolved' }));
  await desk.database.pool.query(
    `update conversations set doc = jsonb_set(doc, '{resolvedAt}', to_jsonb($2::bigint)) where id = $1`,
    [conversation.id, Date.now() + clockOffsetMs - 31 * 86_400_000],
  );
  await visitor.send('after a long time');
  await vi.waitFor(() => expect(visitor.conversations.at(-1)).toMatchObject({ state: 'open' }));
  const id = visitor.conversations.at(-1)?.id ?? '';
  expect(id).not.toBe(conversation.id);
  expect(await desk.mei.get(`/api/conversations/${id}`)).toMatchObject({
    previousId: conversation.id,
    customerId: conversation.customerId,
    status: 'pending',
  });
  // The visitor reads on as if nothing had happened.
  expect((await visitor.history()).messages.map((message) => message.text)).toEqual([
    ...['first of all', 'one more thing', 'after a long time'],
  ]);
});

test('a resolved conversation is rated by its visitor, once', async () => {
  const { visitor, conversation } = await talk('was it good?');
  const rate = (score: number, conversationId = conversation.id) => visitor.ask('rate', { conversationId, score });
  expect((await rate(5)).problem.type).toBe('urn:tradewind:conflict');
  await desk.mei.command({ type: 'set-status', conversationId: conversation.id, status: 'resolved' });
  await vi.waitFor(() => expect(visitor.conversations.at(-1)).toMatchObject({ state: 'resolved', askRating: true }));
  const stranger = await talk('I was not asked');
  expect((await stranger.visitor.ask('rate', { conversationId: conversation.id, score: 1 })).problem.type).toBe(
    'urn:tradewind:not-found',
  );
  expect((await rate(6)).problem.errors).toMatchObject([{ path: 'score' }]);
  const rated = await visitor.ask('rate', { conversationId: conversation.id, score: 4, comment: '很快' });
  expect(rated).toEqual({ id: conversation.id, at: expect.any(Number) });
  await vi.waitFor(() => expect(visitor.conversations.at(-1)).toMatchObject({ askRating: false }));
  expect(await desk.mei.get(`/api/conversations/${conversation.id}`)).toMatchObject({
    satisfaction: { score: 4, comment: '很快', at: rated.at },
  });
  expect(await visitor.ask('rate', { conversationId: conversation.id, score: 4, comment: '很快' })).toEqual(rated);
  expect((await rate(1)).problem.type).toBe('urn:tradewind:conflict');
  // A tab that has said nothing else yet stays connected: being late is no reason to begin again.
  const tab = await visit({ token: visitor.token });
  expect((await tab.ask('rate', { conversationId: conversation.id, score: 1 })).problem.type).toBe(
    'urn:tradewind:conflict',
  );
  expect((await tab.history()).messages).toHaveLength(1);
});

test('what is typed into a form is shown as claimed, and joins nothing', async () => {
  const visitor = await visit({
    auth: { language: 'zh-CN', page: 'https://user:secret@www.shop.example/tea?size=2#top' },
  });
  expect(await visitor.ask('profile', { name: 'Li Lei', email: 'Li@Example.com' })).toMatchObject({
    at: expect.any(Number),
  });
  await visitor.send('from a form');
  const conversation = await findConversation(desk, 'from a form');
  const customer = await desk.mei.get(`/api/customers/${conversation.customerId}`);
  expect(customer).toMatchObject({ name: 'Li Lei', emails: [], phones: [], locale: 'zh-CN' });
  expect(customer.attributes).toEqual({ page: 'https://www.shop.example/tea?size=2' });
  expect(customer.identities).toEqual([
    { kind: 'external', scope: accountId, value: expect.any(String), claimed: false },
    { kind: 'email', scope: '', value: 'li@example.com', claimed: true },
  ]);
  await visitor.ask('profile', { name: 'Li Lei', email: 'other@example.com' });
  await vi.waitFor(async () => {
    const { identities } = await desk.mei.get(`/api/customers/${conversation.customerId}`);
    expect(identities[1]).toMatchObject({ value: 'other@example.com' });
    expect(identities).toHaveLength(2);
  });
  const again = await visit({ token: visitor.token });
  expect(again.welcome).toMatchObject({ identified: false, profile: { name: 'Li Lei', email: 'other@example.com' } });
  expect((await visitor.ask('profile', { email: 'no address' })).problem.errors).toMatchObject([{ path: 'email' }]);
});

test('a reply that waited in a console’s queue, sent again and again, reaches the visitor once', async () => {
  const { visitor, conversation } = await talk('I can wait');
  const command = {
    ...{ id: createUuidV7(), at: Date.now() - 3_600_000, type: 'reply', conversationId: conversation.id },
    ...{ text: 'written on the train', seenMessageId: null },
  };
  for (let time = 0; time < 3; time++) await desk.mei.call('POST', '/api/commands', { commands: [command] });
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  const { messages } = await visitor.history();
  expect(messages.filter((message) => message.text === 'written on the train')).toHaveLength(1);
});

test('a conversation cannot be begun with a visitor who has not come', async () => {
  const fields = { type: 'start-conversation', channelAccountId: accountId, to: 'li@example.com', text: 'hello' };
  expect(await desk.mei.command(fields)).toMatchObject({ status: 'rejected', reason: { kind: 'unsupported' } });
});

test('an upload is as large as what was sent: nothing is inflated', async () => {
  const { visitor } = await talk('a small file');
  const answer = await fetch(`${desk.url}/chat/files`, {
    method: 'POST',
    headers: {
      ...{ origin: SHOP_ORIGIN, 'x-chat-key': visitor.welcome.uploadKey },
      ...{ 'x-file-name': 'zeros', 'content-type': 'text/plain', 'content-encoding': 'gzip' },
    },
    body: new Uint8Array(gzipSync(Buffer.alloc(1_000_000))),
  });
  expect([answer.status, await answer.json()]).toEqual([415, expect.objectContaining({ status: 415 })]);
});

test('files go both ways; their addresses are good for those who were given them', async () => {
  const { visitor, conversation } = await talk('see what came');
  const upload = (
    key: string,
    name: string,
    type: string,
    body: string | Uint8Array<ArrayBuffer>,
    origin = SHOP_ORIGIN,
  ) =>
    fetch(`${desk.url}/chat/files`, {
      method: 'POST',
      headers: { origin, 'x-chat-key': key, 'x-file-name': encodeURIComponent(name), 'content-type': type },
      body,
    });
  const answer = await upload(visitor.welcome.uploadKey, '照片.png', 'image/png', new Uint8Array([1, 2, 3]));
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([201, SHOP_ORIGIN]);
  const file = (await answer.json()) as { id: string; url: string };
  expect(file).toMatchObject({ name: '照片.png', contentType: 'image/png', sizeBytes: 3 });
  const accepted = await visitor.send('', newId(), [file.id]);
  expect(accepted.problem).toBeUndefined();
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(2));
  const [shown] = visitor.messages()[1]?.attachments ?? [];
  expect(shown).toMatchObject({ id: file.id, name: '照片.png' });
  const picture = await fetch(desk.url + shown?.url);
  expect(new Uint8Array(await picture.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  expect(Object.fromEntries(picture.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': 'inline',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
  });
  const { items } = await desk.mei.get(`/api/conversations/${conversation.id}/messages`);
  expect(items.at(-1).attachments).toMatchObject([{ id: file.id, sizeBytes: 3, sha256: expect.any(String) }]);
  expect(await desk.mei.get(`/api/conversations/${conversation.id}`)).toMatchObject({ preview: '照片.png' });
  const seen = await fetch(`${desk.url}/api/attachments/${file.id}`, {
    headers: { authorization: `Bearer ${desk.sam.token}` },
  });
  expect(seen.status).toBe(200);

  // The other way.
  const own = await fetch(`${desk.url}/api/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${desk.mei.token}`, 'x-file-name': 'label.svg', 'content-type': 'image/svg+xml' },
    body: '<svg/>',
  });
  const { id: ownId } = (await own.json()) as { id: string };
  await desk.mei.command({
    ...{ type: 'reply', conversationId: conversation.id, text: 'your label', seenMessageId: null },
    attachmentIds: [ownId],
  });
  await vi.waitFor(() => expect(visitor.messages()).toHaveLength(3));
  const label = await fetch(desk.url + visitor.messages()[2]?.attachments[0]?.url);
  expect(label.headers.get('content-disposition')).toMatch(/^attachment; filename="?label.svg/);

  // And not for others.
  const stranger = await talk('give me files');
  const theft = await stranger.visitor.send('', newId(), [file.id]);
  expect(theft.problem.errors).toEqual([{ path: 'attachmentIds.0', message: expect.any(String) }]);
  const { pathname, search } = new URL(shown?.url ?? '', desk.url);
  for (const url of [
    pathname,
    `${pathname}?key=`,
    `${pathname}?key=x`,
    `/chat/files/${ownId}${search}`,
    `${pathname}${search}x`,
  ]) {
    expect((await fetch(desk.url + url)).status).toBe(404);
  }
  expect((await upload('x.y.9999999999999.z', 'a.txt', 'text/plain', 'x')).status).toBe(401);
  expect((await upload(visitor.welcome.uploadKey, 'a.txt', 'text/plain', 'x', 'https://evil.example')).status).toBe(
    403,
  );
  expect((await upload(visitor.welcome.uploadKey, '', 'text/plain', 'x')).status).toBe(400);
  expect((await upload(visitor.welcome.uploadKey, 'a.txt', 'text/plain', '')).status).toBe(400);
  const huge = await upload(visitor.welcome.uploadKey, 'a.bin', 'x/y', new Uint8Array(10 * 1024 * 1024 + 1));
  expect([huge.status, huge.headers.get('access-control-allow-origin')]).toEqual([413, SHOP_ORIGIN]);
  clockOffsetMs += 2 * 86_400_000;
  expect((await fetch(desk.url + shown?.url)).status).toBe(404);
  expect((await upload(visitor.welcome.uploadKey, 'a.txt', 'text/plain', 'x')).status).toBe(401);
});

test('settings are public for the pages that may use the chat, and follow what the admin and the clock say', async () => {
  const read = async (origin?: string) => {
    const response = await fetch(`${desk.url}/chat/accounts/${accountId}`, origin ? { headers: { origin } } : {});
    return { response, body: (await response.json()) as unknown };
  };
  const { response, body } = await read(SHOP_ORIGIN);
  expect(response.headers.get('access-control-allow-origin')).toBe(SHOP_ORIGIN);
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(body).toEqual({
    ...{ accountId, name: 'Shop chat', accentColor: null, greeting: null, preChat: { name: 'off', email: 'off' } },
    ...{ open: true, changesAt: null, agentsOnline: expect.any(Boolean), askRating: true },
  });
  const before = (await desk.admin.get(`/api/channels/${accountId}`)).rejected;
  expect((await read('https://evil.example')).response.status).toBe(403);
  expect(await desk.admin.get(`/api/channels/${accountId}`)).toMatchObject({
    rejected: before + 1,
    lastRejectReason: 'the origin https://evil.example is not in allowedOrigins',
  });
  await expect(visit({ origin: 'https://evil.example' })).rejects.toMatchObject({
    data: { type: 'urn:tradewind:forbidden', title: expect.stringContaining('https://evil.example') },
  });
  const visitor = await visit({ origin: SHOP_ORIGIN });
  const changed = new Promise<unknown>((resolve) => visitor.socket.once('settings', resolve));
  await desk.admin.call('PATCH', `/api/channels/${accountId}`, {
    config: { greeting: '你好', accentColor: '#0b6e4f', officeHours: { timeZone: 'UTC', days: {} } },
  });
  expect(await changed).toMatchObject({ greeting: '你好', accentColor: '#0b6e4f', open: false, changesAt: null });
  await desk.admin.call('PATCH', `/api/channels/${accountId}`, { config: { greeting: null, officeHours: null } });
  expect((await fetch(`${desk.url}/chat/accounts/nobody`)).status).toBe(404);
  expect((await fetch(`${desk.url}/chat/accounts/${desk.channelId}`)).status).toBe(404);
  const preflight = await fetch(`${desk.url}/chat/files`, { method: 'OPTIONS', headers: { origin: SHOP_ORIGIN } });
  expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
    204,
    'content-type, x-chat-key, x-file-name',
  ]);
});

test('the shop’s own backend tells what its users write, signed; the answer is as any webhook’s', async () => {
  const { createHmac } = await import('node:crypto');
  const post = (content: unknown, secret: string) => {
    const body = JSON.stringify(content);
    const timestamp = String(Math.floor((Date.now() + clockOffsetMs) / 1_000));
    const signature = `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
    return fetch(`${desk.url}/webhooks/web-chat/${accountId}`, {
      method: 'POST',
      headers: { 'x-tradewind-timestamp': timestamp, 'x-tradewind-signature': signature },
      body,
    });
  };
  const request = { visitor: 'App-User', events: [{ type: 'message', id: 'app-message-1', text: 'from the app' }] };
  expect((await post(request, 'wrong')).status).toBe(401);
  expect((await post(request, IDENTITY_SECRET)).status).toBe(200);
  expect((await post(request, IDENTITY_SECRET)).status).toBe(200);
  const conversation = await findConversation(desk, 'from the app');
  const { messageId = '' } = await reply(conversation.id, 'hello app');
  await vi.waitFor(async () => expect(await statusOf(messageId)).toBe('sent'));
  const receipt = (visitor: string) => ({ visitor, events: [{ type: 'receipt', read: [messageId] }] });
  await post(receipt('somebody-else'), IDENTITY_SECRET);
  await post(receipt('App-User'), IDENTITY_SECRET);
  await vi.waitFor(async () => expect(await statusOf(messageId)).toBe('read'));
  const { items } = await desk.admin.get(`/api/inbound-events?accountId=${accountId}&state=ignored`);
  expect(items).toMatchObject([{ reason: 'the report is about a message to somebody else' }]);
});

test('logs hold no words, tokens or addresses of anybody', () => {
  const log = lines.join('\n');
  expect(log).toContain('the server takes requests');
  for (const secret of ['还没收到货', 'message 12', 'Li Lei', 'li@example.com', IDENTITY_SECRET, ...tokens]) {
    expect(log).not.toContain(secret);
  }
});
