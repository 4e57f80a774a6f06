import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChatServer, startChatServer } from '../../test/chat-server.ts';
import { type FaultLab, startFaultLab } from '../lab.ts';
import { LiveChats } from './live-chats.ts';
import { planOrders } from './plan-orders.ts';

let lab: FaultLab;
let server: ChatServer;
let live: LiveChats;
let mishaps: string[];

beforeEach(async () => {
  server = await startChatServer();
  lab = await startFaultLab();
  lab.webChat.connect({ id: 'chat', serverUrl: server.url, identitySecret: 'secret' });
  mishaps = [];
});
afterEach(async () => {
  live.close();
  await lab.close();
  await server.close();
  expect(mishaps).toEqual([]);
});

function startLive(pace: number): void {
  const log = (message: string) => mishaps.push(message);
  live = new LiveChats({ lab, channelId: 'chat', orders: planOrders(), pace, seed: 5, log });
  live.start();
}

const events = (name: string) => server.events.filter(({ event }) => event === name);

test('visitors come, type and write; who gets no answer asks once, and no more come than a desk can bear', async () => {
  startLive(2_000);
  await expect.poll(() => lab.webChat.visitors.size, { timeout: 10_000 }).toBe(5);
  await expect.poll(() => events('typing').length).toBeGreaterThan(5);
  await expect
    .poll(() => server.messages.map(({ text }) => text).join(), { timeout: 10_000 })
    .toMatch(/Anyone there|still waiting|在吗？|有人吗/);
  const settle = async () => {
    const before = server.messages.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return server.messages.length - before;
  };
  await expect.poll(settle, { timeout: 10_000 }).toBe(0);
  expect(lab.webChat.visitors.size).toBe(5);
});

test('who is answered answers, and rates and leaves when it is over', async () => {
  startLive(1_000);
  await expect.poll(() => server.messages.length, { timeout: 10_000 }).toBeGreaterThan(0);
  const before = server.messages.length;
  server.answer('answer-1', 'Let me look it up.');
  await expect.poll(() => server.messages.length).toBeGreaterThan(before);
  await expect.poll(() => JSON.stringify(events('receipt'))).toContain('"read":["answer-1"]');
  for (let round = 0; round < 20 && events('rate').length === 0; round++) {
    server.tell({ id: 'conversation', state: 'resolved', askRating: true, seenOrder: 0 });
    await new Promise((resolve) => setTimeout(resolve, 150));
    server.tell({ id: 'conversation', state: 'open', askRating: false, seenOrder: 0 });
  }
  expect(events('rate')[0]?.body).toMatchObject({ conversationId: 'conversation', score: expect.any(Number) });
  const [first] = lab.webChat.visitors.keys();
  expect(first).not.toBe('visitor-1');
});
