import { createUuidV7 } from '@tradewind/shared/ids';
import type { ChangesFrame } from '@tradewind/shared/protocol/sync';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestDesk, type TestDesk } from './desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk({ sendTimeoutMs: 1_000 });
});
afterAll(() => desk.close());

/** A customer's mail, taken in and processed. */
async function receiveMail(from: string, fields: { subject?: string; text?: string } = {}) {
  const { mail, finished } = desk.lab.mailgun.postInbound({
    from,
    subject: 'Where is my parcel',
    text: 'Hello',
    ...fields,
  });
  const delivery = await finished;
  expect(delivery.state).toBe('done');
  return vi.waitFor(async () => {
    const { items } = await desk.mei.get(`/api/messages?externalId=${encodeURIComponent(mail.messageId)}`);
    expect(items).toHaveLength(1);
    return items[0];
  });
}

async function waitForStatus(messageId: string, status: string) {
  return vi.waitFor(
    async () => {
      const message = await desk.mei.get(`/api/messages/${messageId}`);
      expect(message.status).toBe(status);
      return message;
    },
    { interval: 50 },
  );
}

const sentTo = (address: string) =>
  desk.lab.mailgun.sent.filter((mail) => mail.to.some((to) => to.address === address));

test('a mail comes in, an agent answers, the answer goes out in its thread and is delivered', async () => {
  const inbound = await receiveMail('Li Lei <li@example.com>', { text: '还没收到货 😟' });
  expect(inbound).toMatchObject({ text: '还没收到货 😟', direction: 'in', authorType: 'customer', status: 'received' });
  const result = await desk.mei.command({
    type: 'reply',
    conversationId: inbound.conversationId,
    text: '马上帮你查',
    seenMessageId: inbound.id,
  });
  expect(result).toMatchObject({ status: 'applied' });
  const message = await waitForStatus(result.messageId ?? '', 'delivered');
  const [sent] = sentTo('li@example.com');
  expect(sent).toMatchObject({ text: '马上帮你查', subject: 'Re: Where is my parcel', messageId: message.externalId });
  expect(sent?.headers['in-reply-to']).toBe(inbound.externalId);
  expect(sent?.headers.references).toContain(inbound.externalId);

  if (!sent) throw new Error('nothing was sent');
  const answer = desk.lab.mailgun.postInbound(desk.lab.mailgun.buildReply(sent, { text: '谢谢' }));
  await answer.finished;
  await vi.waitFor(async () => {
    const thread = await desk.mei.get(`/api/conversations/${inbound.conversationId}/messages?order=asc`);
    expect(thread.items.map((one: { text: string }) => one.text)).toEqual(['还没收到货 😟', '马上帮你查', '谢谢']);
  });
  expect(await desk.mei.get(`/api/conversations/${inbound.conversationId}`)).toMatchObject({ status: 'open' });
});

test('[R11] the platform accepts and never answers: one mail, the outcome is unknown, a report settles it', async () => {
  const inbound = await receiveMail('unsure@example.com');
  desk.lab.mailgun.settings.autoDeliver = false;
  desk.lab.mailgun.faults.add({ kind: 'timeout-after-accept', recipient: 'unsure@example.com' });
  const result = await desk.mei.command({
    type: 'reply',
    conversationId: inbound.conversationId,
    text: 'On its way',
    seenMessageId: inbound.id,
  });
  const unknown = await waitForStatus(result.messageId ?? '', 'unknown');
  expect(unknown.failure.kind).toBe('unknown-outcome');
  expect(sentTo('unsure@example.com')).toHaveLength(1);
  const [sent] = sentTo('unsure@example.com');
  if (!sent) throw new Error('nothing was sent');
  desk.lab.mailgun.postEvent(sent, 'delivered');
  await waitForStatus(result.messageId ?? '', 'delivered');
  desk.lab.mailgun.settings.autoDeliver = true;
  expect(sentTo('unsure@example.com')).toHaveLength(1);
});

test('[R11] an unknown outcome is settled by the agent: sent again once, marked as sent, or dropped', async () => {
  const inbound = await receiveMail('choice@example.com');
  desk.lab.mailgun.settings.autoDeliver = false;
  const reply = async () => {
    desk.lab.mailgun.faults.add({ kind: 'reset-after-accept', recipient: 'choice@example.com' });
    const { messageId = '' } = await desk.mei.command({
      type: 'reply',
      conversationId: inbound.conversationId,
      text: 'Hi',
      seenMessageId: inbound.id,
    });
    await waitForStatus(messageId, 'unknown');
    return messageId;
  };
  const again = await reply();
  await desk.mei.command({ type: 'settle-message', messageId: again, choice: 'resend' });
  await waitForStatus(again, 'sent');
  expect(sentTo('choice@example.com')).toHaveLength(2);
  const marked = await reply();
  await desk.mei.command({ type: 'settle-message', messageId: marked, choice: 'mark-sent' });
  await waitForStatus(marked, 'sent');
  const dropped = await reply();
  await desk.mei.command({ type: 'settle-message', messageId: dropped, choice: 'drop' });
  expect((await waitForStatus(dropped, 'failed')).failure.kind).toBe('dropped');
  expect(sentTo('choice@example.com')).toHaveLength(4);
  desk.lab.mailgun.settings.autoDeliver = true;
});

test('a limit is waited out, a refusal is shown with its reason and can be tried again', async () => {
  const inbound = await receiveMail('limit@example.com');
  desk.lab.mailgun.faults.add({ kind: 'answer-429', recipient: 'limit@example.com', retryAfterSeconds: 1 });
  const limited = await desk.mei.command({
    type: 'reply',
    conversationId: inbound.conversationId,
    text: 'one',
    seenMessageId: inbound.id,
  });
  await waitForStatus(limited.messageId ?? '', 'delivered');
  desk.lab.mailgun.faults.add({ kind: 'bounce', recipient: 'limit@example.com' });
  const bounced = await desk.mei.command({
    type: 'reply',
    conversationId: inbound.conversationId,
    text: 'two',
    seenMessageId: inbound.id,
  });
  const failed = await waitForStatus(bounced.messageId ?? '', 'failed');
  expect(failed.failure).toMatchObject({ kind: 'bounced', text: expect.stringMatching(/./) });
  await desk.mei.command({ type: 'retry-message', messageId: failed.id });
  await waitForStatus(failed.id, 'delivered');
});

test('three replies leave in the order they were written', async () => {
  const inbound = await receiveMail('order@example.com');
  const texts = ['first', 'second', 'third'];
  const commands = texts.map((text) => ({
    id: createUuidV7(),
    at: Date.now(),
    type: 'reply',
    conversationId: inbound.conversationId,
    text,
    seenMessageId: inbound.id,
  }));
  // The first one meets a fault of the platform; the others wait behind it.
  desk.lab.mailgun.faults.add({ kind: 'answer-429', recipient: 'order@example.com', retryAfterSeconds: 1 });
  const { body } = await desk.mei.call('POST', '/api/commands', {
    commands: [
      ...commands,
      {
        id: createUuidV7(),
        at: Date.now(),
        type: 'set-status',
        conversationId: inbound.conversationId,
        status: 'resolved',
      },
    ],
  });
  expect(body.results.map((result: { status: string }) => result.status)).toEqual([
    'applied',
    'applied',
    'applied',
    'applied',
  ]);
  await vi.waitFor(() => expect(sentTo('order@example.com').map((mail) => mail.text)).toEqual(texts));
});

test('a conversation is begun by an agent', async () => {
  const result = await desk.mei.command({
    type: 'start-conversation',
    channelAccountId: desk.channelId,
    to: 'new@example.com',
    subject: 'Recall',
    text: 'Please send it back',
  });
  await waitForStatus(result.messageId ?? '', 'delivered');
  expect(sentTo('new@example.com')).toMatchObject([{ subject: 'Recall', text: 'Please send it back' }]);
});

test('an order and its life arrive, and belong to the customer who writes from that address', async () => {
  const inbound = await receiveMail('buyer@example.com');
  const { order, finished } = desk.lab.shopify.create({
    currency: 'KWD',
    paid: true,
    lines: [{ title: 'Dates', quantity: 2, price: '3.250' }],
    customer: { firstName: 'Noor', lastName: 'Al', email: 'buyer@example.com' },
  });
  await finished;
  await desk.lab.shopify.refund(order.id, { lines: [{ lineId: order.line_items[0]?.id ?? 0, quantity: 1 }] }).finished;
  await desk.lab.shopify.ship(order.id).finished;
  const found = await vi.waitFor(async () => {
    const { items } = await desk.mei.get(`/api/orders?storeId=${desk.storeId}&externalId=${order.id}`);
    expect(items).toHaveLength(1);
    expect(items[0].fulfilments).toHaveLength(1);
    return items[0];
  });
  expect(found).toMatchObject({ currency: 'KWD', totalMinor: 6500, refundedMinor: 3250, customerId: inbound.authorId });
  expect(found.refunds).toHaveLength(1);
});

test('[R6][R7] a console hears of changes live, over its own socket, and sends commands over it', async () => {
  const socket = io(desk.url, { auth: { token: desk.mei.token }, transports: ['websocket'] });
  const frames: ChangesFrame[] = [];
  socket.on('changes', (frame: ChangesFrame) => frames.push(frame));
  await connected(socket);
  const inbound = await receiveMail('live@example.com');
  await vi.waitFor(() =>
    expect(frames.flatMap((frame) => frame.changes.map((change) => change.id))).toContain(inbound.id),
  );
  const id = createUuidV7();
  const command = { id, at: Date.now(), type: 'note', conversationId: inbound.conversationId, text: 'call him' };
  const answer = await socket.emitWithAck('commands', { commands: [command] });
  expect(answer.results).toMatchObject([{ id, status: 'applied', messageId: id }]);
  await vi.waitFor(() => {
    const changes = frames.flatMap((frame) => frame.changes);
    expect(changes.find((change) => change.collection === 'message' && change.id === id)?.doc).toMatchObject({
      kind: 'note',
    });
    expect(changes.find((change) => change.collection === 'command' && change.id === id)?.doc).toMatchObject({
      status: 'applied',
      seq: answer.results[0].seq,
    });
  });
  const stored = await desk.mei.get(`/api/commands/${id}`);
  expect(stored).toEqual(answer.results[0]);
  expect((await desk.sam.call('GET', `/api/commands/${id}`)).status).toBe(404);
  socket.close();
});

test('[R15] a forged token opens no socket, and a revoked session loses the one it has', async () => {
  for (const auth of [{}, { token: 'forged' }, { token: `tw_${'A'.repeat(43)}` }]) {
    const socket = io(desk.url, { auth, transports: ['websocket'], reconnection: false });
    const error = await new Promise<Error & { data?: { type: string } }>((resolve) =>
      socket.once('connect_error', resolve),
    );
    expect(error.data?.type).toBe('urn:tradewind:unauthenticated');
    socket.close();
  }
  const login = await desk.sam.call('POST', '/api/auth/login', {
    email: 'sam@shop.example',
    password: 'a long enough password',
  });
  const socket = io(desk.url, { auth: { token: login.body.token }, transports: ['websocket'], reconnection: false });
  await connected(socket);
  const cut = new Promise((resolve) => socket.once('disconnect', resolve));
  const sessions = await desk.sam.get('/api/sessions');
  const newest = sessions.items.find((one: { current?: boolean }) => !one.current);
  await desk.sam.call('DELETE', `/api/sessions/${newest.id}`);
  await cut;
});

async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => socket.once('connect', () => resolve()).once('connect_error', reject));
}
