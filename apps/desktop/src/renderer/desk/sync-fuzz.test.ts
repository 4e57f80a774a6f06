import { type Conversation, conversationSchema } from '@tradewind/shared/schemas/conversation';
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
import type { ReplicaDocs } from '../db/documents.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { readDevice, readServer } from '../replication/testing/compare-with-server.ts';
import { FakeServer } from '../replication/testing/fake-server.ts';
import type { DeskRuntime } from './desk-runtime.ts';
import { TestDevice } from './testing/open-test-desk.ts';

const STEPS = 60;
const breathe = (random: () => number) => new Promise((resolve) => setTimeout(resolve, random() * 3));
const OPEN = ['a', 'b', 'c'];
const RESOLVED = ['x', 'y', 'z'];
const CONVERSATIONS = [...OPEN, ...RESOLVED];
const SCOPES = ['desk', 'team:red', 'team:blue'];

function buildServer(): FakeServer {
  const server = new FakeServer('agent-1');
  server.itemsPerPage = 3;
  server.access = new Set(['desk', 'team:red']);
  server.commit(['directory', buildAgent()], ['directory', buildChannel()], ['customer', buildCustomer()]);
  for (const id of CONVERSATIONS) {
    server.commit(['conversation', buildConversation({ id, status: OPEN.includes(id) ? 'pending' : 'resolved' })]);
    server.commit(['message', buildMessage({ id: `first-${id}`, conversationId: id })]);
    server.commit(['message', buildMessage({ id: `second-${id}`, conversationId: id })]);
  }
  server.place('conversation', 'b', ['team:red']);
  server.place('conversation', 'c', ['team:blue']);
  server.place('conversation', 'y', ['team:red', 'team:blue']);
  server.place('conversation', 'z', ['team:blue']);
  return server;
}

/**
 * One console and one server through edits, lost and reordered frames, lost answers, cuts, resyncs, changes of sight and of
 * access, restarts, and devices that die in the middle of a write.
 */
async function runSeed(seed: number, kind: 'kept' | 'disk'): Promise<void> {
  const random = createRandom(seed);
  const warn = vi.spyOn(console, 'warn');
  onTestFinished(() => warn.mockRestore());
  const server = buildServer();
  const device = new TestDevice(kind);
  let stores: CollectionsOf<ReplicaDocs> | null = null;
  device.whileLeading = ({ collections }) => {
    stores = collections;
    return () => undefined;
  };
  let desk: DeskRuntime = await device.start(server);
  onTestFinished(() => desk.close());
  server.beforePart = () => breathe(random) as Promise<void>;
  const sent: { id: string; conversationId: string }[] = [];
  let count = 0;
  const anyConversation = () => pick(random, CONVERSATIONS);
  const someScopes = () => SCOPES.filter(() => random() < 0.5);
  const restart = async () => {
    await desk.close();
    device.disk.repair();
    desk = await device.start(server);
  };
  const revise = (id: string, fields: Partial<Conversation>) => {
    const current = server.doc<Conversation>('conversation', id);
    if (current) server.commit(['conversation', { ...current, ...fields }]);
  };

  const actions: (() => unknown)[] = [
    () => server.commit(['message', buildMessage({ id: `in-${++count}`, conversationId: anyConversation() })]),
    () => revise(anyConversation(), { subject: `${++count}` }),
    () => revise(anyConversation(), { status: pick(random, ['open', 'resolved']) }),
    () => server.commit(['customer', buildCustomer({ name: `Mei ${++count}` })]),
    () => server.remove('message', pick(random, [`in-${Math.ceil(random() * count)}`, `first-${anyConversation()}`])),
    () => {
      const id = anyConversation();
      // A receipt: the message moves in the log, its conversation does not.
      const message = server.doc<Message>('message', `second-${id}`);
      if (message) server.commit(['message', buildMessage({ ...message, text: `${++count}` })]);
    },
    () => server.place('conversation', anyConversation(), someScopes()),
    () => server.place('conversation', anyConversation(), someScopes()),
    () => server.setAccess(['desk', ...SCOPES.slice(1).filter(() => random() < 0.5)]),
    async () => {
      const conversationId = anyConversation();
      // A device that died has not queued anything, and the agent has seen that.
      const id = await desk.send({ type: 'reply', conversationId, text: `out-${++count}` }).catch(() => null);
      if (id !== null) sent.push({ id, conversationId });
    },
    () => desk.send({ type: 'set-status', conversationId: anyConversation(), status: 'open' }).catch(() => null),
    () => desk.send({ type: 'tag', conversationId: anyConversation(), add: [`t${++count}`] }).catch(() => null),
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
    () => device.passTime(),
    () => (random() < 0.3 ? server.say('resync') : undefined),
    restart,
    () => {
      device.disk.writesLeft = Math.floor(random() * 25);
    },
    async () => {
      if (device.disk.writesLeft <= 0) await restart();
    },
  ];
  for (let step = 0; step < STEPS; step++) {
    await pick(random, actions)();
    if (random() < 0.6) await breathe(random);
  }

  if (device.disk.writesLeft < Number.POSITIVE_INFINITY) await restart();
  server.outage = null;
  server.beforeAnswer = () => true;
  server.held = null;
  await breathe(random);
  server.commit(['customer', buildCustomer({ name: 'the last word' })]); // its frame shows what was lost before it
  await vi.waitFor(
    async () => {
      device.passTime();
      expect(desk.connection).toEqual({ kind: 'online' });
      expect(desk.model.pendingCount).toBe(0);
      expect(stores && (await readDevice(stores))).toEqual(readServer(server));
      for (const { id } of server.visible<Conversation>('conversation')) {
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
  // Nothing differs, and nothing had to be repaired to get there.
  expect((await desk.verifyCopy())?.repaired).toEqual([]);
  expect(warn.mock.calls.filter(([text]) => String(text).includes('repaired'))).toEqual([]);
  expect(new Set(server.applied).size).toBe(server.applied.length);
  const refused = new Set(desk.model.problems.map(({ commandId }) => commandId));
  for (const conversationId of CONVERSATIONS) {
    const ids = sent.filter((other) => other.conversationId === conversationId).map(({ id }) => id);
    expect(server.applied.filter((id) => ids.includes(id))).toEqual(ids.filter((id) => !refused.has(id)));
  }
}

const SEEDS = Number(process.env.TRADEWIND_FUZZ_SEEDS ?? 30);

test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  '[R6] [R8] seed %i: after any troubles console and server agree, every command applied once and in order',
  (seed) => runSeed(seed, seed % 6 === 0 ? 'disk' : 'kept'),
  20_000,
);
