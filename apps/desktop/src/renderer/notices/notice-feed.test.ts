import {
  buildAgent,
  buildChannel,
  buildConversation,
  buildCustomer,
  buildMessage,
} from '@tradewind/shared/testing/builders';
import { expect, onTestFinished, test, vi } from 'vitest';
import { TestDevice } from '../desk/testing/open-test-desk.ts';
import { FakeServer } from '../replication/testing/fake-server.ts';
import type { NoticePlan } from './decide.ts';
import { type Judged, NoticeFeed } from './notice-feed.ts';

const ME = 'agent-1';
const MINUTE = 60_000;
const until = (condition: () => unknown) => vi.waitFor(() => expect(condition()).toBeTruthy(), { interval: 1 });

/** A console whose notices are written down; the device's disk keeps how far it has judged. */
class WatchedDevice extends TestDevice {
  shown: string[] = [];
  judged: Judged | null = null;
  focused = false;
  /** Runs what is due, without waiting for the clock. */
  feedTimers: { delayMs: number; run: () => void }[] = [];

  watch(server: FakeServer) {
    this.whileLeading = ({ collections, model, connection, onConnection }) => {
      const feed = new NoticeFeed({
        agentId: ME,
        collections,
        findRow: (id) => model.row(id),
        connection,
        onConnection,
        judged: {
          read: () => this.judged,
          write: (judged) => {
            this.judged = judged;
          },
        },
        isFocused: async () => this.focused,
        now: () => server.nowMs,
        schedule: (delayMs, run) => {
          const timer = { delayMs, run };
          this.feedTimers.push(timer);
          return () => {
            this.feedTimers = this.feedTimers.filter((other) => other !== timer);
          };
        },
        show: (plans) => this.shown.push(...plans.map(describe)),
      });
      return () => feed.close();
    };
    return this;
  }

  /** Lets the feed judge, or its half minute pass. */
  run(delayMs: number): void {
    const due = this.feedTimers.filter((timer) => timer.delayMs === delayMs);
    this.feedTimers = this.feedTimers.filter((timer) => timer.delayMs !== delayMs);
    for (const timer of due) timer.run();
  }

  /** Everything the server has said is here and has been judged. */
  async settle(server: FakeServer): Promise<void> {
    await vi.waitFor(
      () => {
        this.run(400);
        expect(this.judged?.seq).toBe(server.seq);
      },
      { interval: 2 },
    );
  }
}

function describe(plan: NoticePlan): string {
  if (plan.kind === 'summary') return `${plan.messages} in ${plan.conversations}`;
  return 'preview' in plan.event ? `${plan.event.kind}: ${plan.event.preview}` : plan.event.kind;
}

async function openQuiet(device = new WatchedDevice()) {
  const server = new FakeServer(ME);
  server.commit(['directory', buildAgent()], ['directory', buildChannel()], ['customer', buildCustomer()]);
  server.commit(['conversation', buildConversation()], ['message', buildMessage()]);
  const start = async () => {
    const desk = await device.watch(server).start(server);
    onTestFinished(() => desk.close());
    await until(() => desk.connection.kind === 'online');
    await device.settle(server);
    return desk;
  };
  const desk = await start();
  return { device, server, desk, start };
}

const write = (server: FakeServer, id: string, conversationId = 'conversation-1') =>
  server.commit(
    ['conversation', buildConversation({ id: conversationId, preview: id })],
    ['message', buildMessage({ id, conversationId, text: id })],
  );

async function goOffline({ device, server, desk }: Awaited<ReturnType<typeof openQuiet>>) {
  server.outage = { kind: 'unreachable', reason: 'no network' };
  server.cut();
  await until(() => desk.connection.kind === 'offline');
  return async () => {
    server.outage = null;
    device.passTime();
    await until(() => desk.connection.kind === 'online');
    await device.settle(server);
  };
}

test('the first filling of a device is no news; what comes after it is, once', async () => {
  const { device, server } = await openQuiet();
  expect(device.shown).toEqual([]);
  write(server, 'Anybody here?');
  await device.settle(server);
  write(server, 'Hello??');
  await device.settle(server);
  expect(device.shown).toEqual(['message: Anybody here?', 'message: Hello??']);
});

test('nothing is told while somebody works in a window, and nothing of it later', async () => {
  const { device, server } = await openQuiet();
  device.focused = true;
  write(server, 'seen');
  await device.settle(server);
  device.focused = false;
  write(server, 'not seen');
  await device.settle(server);
  expect(device.shown).toEqual(['message: not seen']);
});

test('a short loss of the network tells each conversation, a long one how much there is', async () => {
  const open = await openQuiet();
  const { device, server } = open;
  let comeBack = await goOffline(open);
  server.nowMs += 2 * MINUTE;
  write(server, 'one');
  write(server, 'two', 'conversation-2');
  await comeBack();
  expect(device.shown).toEqual(['message: one', 'message: two']);

  device.shown = [];
  comeBack = await goOffline(open);
  server.nowMs += 60 * MINUTE;
  write(server, 'three');
  write(server, 'four');
  write(server, 'five', 'conversation-2');
  await comeBack();
  expect(device.shown).toEqual(['3 in 2']);
});

test('the clock that jumps with a sleep makes a summary, though no connection was seen to end', async () => {
  const { device, server } = await openQuiet();
  server.held = [];
  server.nowMs += 8 * 60 * MINUTE;
  device.run(30_000); // the first tick after waking comes before the server's news
  write(server, 'night');
  write(server, 'morning', 'conversation-2');
  server.deliver();
  await device.settle(server);
  expect(device.shown).toEqual(['2 in 2']);
});

test('a quiet hour with a connection is no silence', async () => {
  const { device, server } = await openQuiet();
  for (let tick = 0; tick < 120; tick++) {
    server.nowMs += 30_000;
    device.run(30_000);
  }
  server.held = [];
  write(server, 'one');
  write(server, 'two', 'conversation-2');
  server.deliver();
  await device.settle(server);
  expect(device.shown).toEqual(['message: one', 'message: two']);
});

test('a reload repeats nothing, and tells what came while the page was gone', async () => {
  const { device, server, desk, start } = await openQuiet(new WatchedDevice('disk'));
  write(server, 'before');
  await device.settle(server);
  await desk.close();
  write(server, 'meanwhile');
  await start();
  expect(device.shown).toEqual(['message: before', 'message: meanwhile']);
});

test.each(['resync', 'access-changed'] as const)('reading the log again (%s) makes nothing old new', async (event) => {
  const { device, server } = await openQuiet();
  server.accessVersion += event === 'access-changed' ? 1 : 0;
  server.say(event);
  await until(() => server.pulls > 1);
  write(server, 'new');
  await device.settle(server);
  expect(device.shown).toEqual(['message: new']);
});

test('after a restore from a backup nothing is told twice, and the next message is', async () => {
  const { device, server, desk } = await openQuiet(new WatchedDevice('disk'));
  for (const text of ['a', 'b', 'c']) write(server, text);
  await device.settle(server);
  device.shown = [];
  server.restore();
  await until(() => desk.connection.kind === 'offline');
  device.passTime();
  await until(() => desk.connection.kind === 'online');
  await device.settle(server);
  expect(device.shown).toEqual([]);
  write(server, 'after the restore');
  await device.settle(server);
  expect(device.shown).toEqual(['message: after the restore']);
});

test('given to me by a colleague is told; taken by myself, here or on another device, is not', async () => {
  const { device, server, desk } = await openQuiet();
  await desk.send({ type: 'assign', conversationId: 'conversation-1', agentId: ME });
  await until(() => desk.model.pendingCount === 0);
  await device.settle(server);
  expect(device.shown).toEqual([]);
  server.commit(['conversation', buildConversation({ assigneeId: 'agent-2' })]);
  await device.settle(server);
  server.commit(['conversation', buildConversation({ assigneeId: ME })]);
  await device.settle(server);
  expect(device.shown).toEqual(['assigned']);
});

test('my own message that fails is told with what I wrote', async () => {
  const { device, server } = await openQuiet();
  const mine = buildMessage({ id: 'mine', direction: 'out', authorType: 'agent', authorId: ME, text: 'On its way' });
  server.commit(['message', { ...mine, status: 'sending' } as never]);
  await device.settle(server);
  server.commit(['message', { ...mine, status: 'failed' } as never]);
  await device.settle(server);
  expect(device.shown).toEqual(['failed: On its way']);
});
