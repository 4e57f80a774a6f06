import { conversationSchema } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import {
  buildAgent,
  buildChannel,
  buildConversation,
  buildCustomer,
  buildMessage,
} from '@tradewind/shared/testing/builders';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FakeServer } from '../replication/testing/fake-server.ts';
import type { DeskRuntime } from './desk-runtime.ts';
import { TestDevice } from './testing/open-test-desk.ts';

const STEPS = 40;
const breathe = (random: () => number) => new Promise((resolve) => setTimeout(resolve, random() * 3));

/** One console and one server through edits, lost and reordered frames, lost answers, cuts, resyncs and restarts. */
async function runSeed(seed: number): Promise<void> {
  const random = createRandom(seed);
  const server = new FakeServer('agent-1');
  server.commit(['directory', buildAgent()], ['directory', buildChannel()], ['customer', buildCustomer()]);
  const conversations = ['a', 'b', 'c'];
  for (const id of conversations) server.commit(['conversation', buildConversation({ id })]);
  const device = new TestDevice('disk');
  let desk: DeskRuntime = await device.start(server);
  onTestFinished(() => desk.close());
  const sent: { id: string; conversationId: string; text: string }[] = [];
  let count = 0;

  const actions: (() => unknown)[] = [
    () =>
      server.commit(['message', buildMessage({ id: `in-${++count}`, conversationId: pick(random, conversations) })]),
    () =>
      server.commit(['conversation', buildConversation({ id: pick(random, conversations), subject: `${++count}` })]),
    () => server.commit(['customer', buildCustomer({ name: `Mei ${++count}` })]),
    () => server.remove('message', `in-${Math.ceil(random() * count)}`),
    async () => {
      const conversationId = pick(random, conversations);
      const text = `out-${++count}`;
      const id = await desk.send({ type: 'reply', conversationId, text });
      sent.push({ id, conversationId, text });
    },
    () => desk.send({ type: 'set-status', conversationId: pick(random, conversations), status: 'open' }),
    () => desk.send({ type: 'tag', conversationId: pick(random, conversations), add: [`t${++count}`] }),
    () => {
      server.held ??= [];
    },
    () => server.deliver((server.held ?? []).map((_, index) => index).filter(() => random() < 0.7)),
    () => server.deliver((server.held ?? []).map((_, index) => index).reverse()),
    () => server.cut(),
    () => {
      server.outage = random() < 0.5 ? null : { kind: 'unreachable', reason: 'no network' };
    },
    () => {
      const answers = random() < 0.5;
      server.beforeAnswer = () => answers;
    },
    () => device.passTime(),
    () => server.say('resync'),
    async () => {
      await desk.close();
      desk = await device.start(server);
    },
  ];
  for (let step = 0; step < STEPS; step++) {
    await pick(random, actions)();
    if (random() < 0.6) await breathe(random);
  }

  server.outage = null;
  server.beforeAnswer = () => true;
  server.held = null;
  await breathe(random);
  server.commit(['customer', buildCustomer({ name: 'the last word' })]); // its frame shows what was lost before it
  await vi.waitFor(
    () => {
      device.passTime();
      expect(desk.connection.kind).toBe('online');
      expect(desk.model.pendingCount).toBe(0);
      for (const id of conversations) {
        const row = desk.model.conversationList('all')?.find(({ conversation }) => conversation.id === id);
        expect(row?.pending).toBe(false);
        const fromServer = conversationSchema.parse(server.doc('conversation', id));
        expect(conversationSchema.parse(row?.conversation)).toEqual(fromServer);
        const expected = server.docs<Message>('message').filter(({ conversationId }) => conversationId === id);
        const shown = desk.model.messages(id) ?? [];
        expect(shown.map((message) => message.id).sort()).toEqual(expected.map((message) => message.id).sort());
        expect(shown.some(({ local }) => local)).toBe(false);
      }
    },
    { timeout: 5_000, interval: 5 },
  );
  expect(new Set(server.applied).size).toBe(server.applied.length);
  for (const { conversationId } of sent) {
    const expected = sent.filter((other) => other.conversationId === conversationId).map(({ id }) => id);
    expect(server.applied.filter((id) => expected.includes(id))).toEqual(expected);
  }
}

test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
  '[R6] [R8] seed %i: after any troubles console and server agree, every command applied once and in order',
  (seed) => runSeed(seed),
  20_000,
);
