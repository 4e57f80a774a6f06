import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChatServer, startChatServer } from '../../test/chat-server.ts';
import { computeHmac, type Receiver, startReceiver, toHex } from '../../test/receiver.ts';
import { type FaultLab, startFaultLab } from '../lab.ts';
import type { Visitor, VisitorDraft } from './visitor.ts';

let lab: FaultLab;
let server: ChatServer;

beforeEach(async () => {
  server = await startChatServer();
  lab = await startFaultLab();
  lab.webChat.connect({ id: 'chat', serverUrl: server.url, identitySecret: 'secret' });
  lab.webChat.settings.readAfterMs = 0;
});
afterEach(async () => {
  await lab.close();
  await server.close();
});

async function openVisitor(draft: VisitorDraft = {}): Promise<Visitor> {
  const visitor = lab.webChat.open(draft);
  await expect.poll(() => visitor.tabs.every((tab) => tab.isReady)).toBe(true);
  return visitor;
}

const idsSent = () => server.messages.map(({ id }) => id);
const saidOf = (event: string) => server.events.filter((one) => one.event === event).map(({ body }) => body);

test('a visitor comes from a page of the lab, says who he is, and his message is taken', async () => {
  const visitor = await openVisitor({
    language: 'zh-CN',
    page: 'https://shop.example/cart',
    profile: { name: '小鹿' },
  });
  expect(await visitor.say('在吗')).toMatchObject({ id: idsSent()[0] });
  const [handshake] = server.handshakes;
  expect(handshake).toMatchObject({ origin: lab.url });
  expect(handshake?.auth).toMatchObject({ accountId: 'chat', language: 'zh-CN', page: 'https://shop.example/cart' });
  expect(handshake?.auth.visitorToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(saidOf('profile')).toEqual([{ name: '小鹿' }]);
});

test('cut before the message leaves: it goes out once, after the visitor is back', async () => {
  const visitor = await openVisitor();
  lab.webChat.faults.add({ kind: 'cut-before-send' });
  await visitor.say('Hello', { id: 'message-1' });
  expect(idsSent()).toEqual(['message-1']);
  expect(server.handshakes).toHaveLength(2);
});

test('cut before the answer is read: the same message comes again under its id', async () => {
  const visitor = await openVisitor();
  lab.webChat.faults.add({ kind: 'cut-before-ack', count: 2 });
  await visitor.say('Hello', { id: 'message-1' });
  expect(idsSent()).toEqual(['message-1', 'message-1', 'message-1']);
  expect(server.handshakes).toHaveLength(3);
});

test('cut while the answer is under way: whatever became of it, the message goes out again under its id', async () => {
  const visitor = await openVisitor();
  lab.webChat.faults.add({ kind: 'cut-before-ack', delayMs: 0 });
  lab.webChat.faults.add({ kind: 'drop', topic: 'message', count: 3 });
  await visitor.say('Hello', { id: 'message-1' });
  expect(new Set(idsSent())).toEqual(new Set(['message-1']));
  expect(server.handshakes).toHaveLength(2);
});

test('cut after the answer: it is not repeated, and what was written meanwhile is read on return', async () => {
  const visitor = await openVisitor();
  lab.webChat.faults.add({ kind: 'cut-after-ack' });
  await visitor.say('Hello', { id: 'message-1' });
  server.answer('answer-1', 'Good morning');
  await expect.poll(() => visitor.messages.has('answer-1')).toBe(true);
  await expect.poll(() => visitor.tabs[0]?.isReady).toBe(true);
  expect(idsSent()).toEqual(['message-1']);
});

test('sent away by the server: he comes back, and what is written meanwhile goes out', async () => {
  const visitor = await openVisitor();
  server.cutAll();
  await expect.poll(() => visitor.tabs[0]?.isReady).toBe(false);
  await visitor.say('Still here', { id: 'message-1' });
  expect(idsSent()).toEqual(['message-1']);
  expect(server.handshakes).toHaveLength(2);
});

test('the same message several times, over several tabs, and by a fault', async () => {
  const visitor = await openVisitor({ tabs: 3 });
  await visitor.say('Three times', { id: 'message-1', times: 3 });
  lab.webChat.faults.add({ kind: 'duplicate', topic: 'message' });
  await visitor.say('Twice', { id: 'message-2' });
  expect(idsSent()).toEqual(['message-1', 'message-1', 'message-1', 'message-2', 'message-2']);
  await expect.poll(() => visitor.tabs.map((tab) => tab.heard)).toEqual([2, 2, 2]);
  expect(new Set(server.handshakes.map(({ auth }) => auth.visitorToken)).size).toBe(1);
});

test('offline for a while: what is written waits, and goes out in its order', async () => {
  const visitor = await openVisitor();
  lab.webChat.faults.add({ kind: 'offline', topic: 'message', delayMs: 400 });
  const said = ['one', 'two', 'three'].map((text) => visitor.say(text));
  await expect.poll(() => visitor.isOffline).toBe(true);
  expect(visitor.waiting.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect(server.messages).toEqual([]);
  await Promise.all(said);
  expect(server.messages.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('receipts come at once, late, or never', async () => {
  const visitor = await openVisitor();
  const receipts = () => JSON.stringify(saidOf('receipt'));
  server.answer('answer-1', 'A');
  await expect.poll(receipts).toBe('[{"delivered":["answer-1"]},{"read":["answer-1"]}]');
  lab.webChat.faults.add({ kind: 'delay', topic: 'receipt', delayMs: 300 });
  server.answer('answer-2', 'B');
  await expect.poll(() => visitor.messages.has('answer-2')).toBe(true);
  expect(receipts()).not.toContain('answer-2');
  await expect.poll(receipts).toContain('{"delivered":["answer-2"]}');
  lab.webChat.settings.deliveredAfterMs = null;
  server.answer('answer-3', 'C');
  await expect.poll(() => visitor.messages.has('answer-3')).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(receipts()).not.toContain('answer-3');
});

test('typing, files and a rating', async () => {
  const visitor = await openVisitor();
  await visitor.setTyping(true);
  const files = [{ name: '照片.png', contentType: 'image/png', content: Buffer.from('png') }];
  await visitor.say('See', { files });
  expect(server.uploads).toEqual([{ name: '照片.png', key: 'key', content: Buffer.from('png') }]);
  expect(server.messages[0]?.attachmentIds).toEqual(['file-1']);
  server.tell({ id: 'conversation', state: 'resolved', askRating: true, seenOrder: 0 });
  await expect.poll(() => visitor.conversation.askRating).toBe(true);
  await visitor.rate(4, 'Fine');
  expect(saidOf('typing')).toEqual([{ typing: true }]);
  expect(saidOf('rate')).toEqual([{ conversationId: 'conversation', score: 4, comment: 'Fine' }]);
});

test('who is told to wait does so; who is refused is told why', async () => {
  const visitor = await openVisitor();
  server.problems.push({ problem: { type: 'urn:tradewind:rate-limited', title: 'Slower', retryAfterMs: 50 } });
  await visitor.say('Hello', { id: 'message-1' });
  expect(idsSent()).toEqual(['message-1', 'message-1']);
  const errors = [{ path: 'text', message: 'is too long' }];
  server.problems.push({ problem: { type: 'urn:tradewind:bad-input', title: 'No', errors } });
  await expect(visitor.say('x')).rejects.toThrow('No; text is too long');
  await visitor.say('Next', { id: 'message-3' });
  expect(idsSent().at(-1)).toBe('message-3');
});

test('a customer is signed in by a JWT; one whose identity is refused goes on without', async () => {
  await openVisitor({ customer: { subject: '77', name: 'Mia', email: 'mia@example.com' } });
  const identity = String(server.handshakes[0]?.auth.identity);
  const [header = '', claims = '', signature] = identity.split('.');
  expect(JSON.parse(atob(header))).toEqual({ alg: 'HS256', typ: 'JWT' });
  expect(JSON.parse(atob(claims))).toMatchObject({ sub: '77', name: 'Mia', email: 'mia@example.com' });
  expect(signature).toBe(createHmac('sha256', 'secret').update(`${header}.${claims}`).digest('base64url'));

  server.refuseIdentity = 'forged';
  const doubted = await openVisitor({ identity: 'forged' });
  expect(doubted.problems).toEqual(['has expired']);
  expect(server.handshakes.at(-1)?.auth.identity).toBeNull();
});

test('the shop’s backend hands on what is written in its app, signed over time and body', async () => {
  const receiver: Receiver = await startReceiver();
  lab.webChat.connect({ id: 'app', serverUrl: receiver.url, identitySecret: 'secret' });
  const events = [{ type: 'message', id: 'message-1', text: '你好' }];
  await lab.webChat.relay({ visitor: 'app-1', events }, 'app').finished;
  const [request] = receiver.requests;
  expect(request?.path).toBe('/webhooks/web-chat/app');
  const timestamp = request?.headers['x-tradewind-timestamp'] ?? '';
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`), request?.body ?? Buffer.alloc(0)]);
  expect(request?.headers['x-tradewind-signature']).toBe(`v1=${toHex(await computeHmac('secret', signed))}`);
  await receiver.close();
});
