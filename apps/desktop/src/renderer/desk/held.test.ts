import {
  buildAgent,
  buildChannel,
  buildConversation,
  buildCustomer,
  buildMessage,
} from '@tradewind/shared/testing/builders';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FakeServer } from '../replication/testing/fake-server.ts';
import type { DeskRuntime } from './desk-runtime.ts';
import { TestDevice } from './testing/open-test-desk.ts';
import { toConfirmation } from './to-confirmation.ts';

/** A desk whose one reply is held, and a resolve that waits for it. */
async function holdReply(): Promise<{ server: FakeServer; desk: DeskRuntime; device: TestDevice; heldId: string }> {
  const server = new FakeServer('agent-1');
  server.commit(['directory', buildAgent()], ['directory', buildChannel()], ['customer', buildCustomer()]);
  server.commit(
    ['conversation', buildConversation({ id: 'a' })],
    ['message', buildMessage({ id: 'm1', conversationId: 'a' })],
  );
  server.decide = (command) => {
    if (command.type === 'reply' && command.confirms === undefined) {
      return { status: 'held', reason: { kind: 'unseen', messageIds: ['m2', 'm1'], count: 2 } };
    }
    const [earlier] = command.after ?? [];
    return earlier === undefined ? null : { status: 'held', reason: { kind: 'after-held', commandId: earlier } };
  };
  const device = new TestDevice('kept');
  const desk = await device.start(server);
  onTestFinished(() => desk.close());
  const heldId = await desk.send({ type: 'reply', conversationId: 'a', text: 'Tomorrow', seenMessageId: 'm1' });
  await desk.send({ type: 'set-status', conversationId: 'a', status: 'resolved', after: [heldId] });
  await vi.waitFor(() => expect(desk.model.pendingCount).toBe(0));
  return { server, desk, device, heldId };
}

test('[R10] a held reply is asked about once, with what is new; what waits for it is not asked about by itself', async () => {
  const { desk, heldId } = await holdReply();
  expect(desk.model.problems).toMatchObject([
    { commandId: heldId, held: true, text: 'Tomorrow', reason: { kind: 'unseen', messageIds: ['m2', 'm1'] } },
  ]);
});

test('[R10] a held reply stands in its thread as held, and has changed nothing else', async () => {
  const { desk, heldId } = await holdReply();
  onTestFinished(desk.model.threads.subscribe('a', () => undefined));
  await vi.waitFor(() =>
    expect(desk.model.messages('a')?.map(({ id, status, local }) => [id, status, local])).toEqual([
      ['m1', 'received', false],
      [heldId, 'held', true],
    ]),
  );
  expect(desk.model.conversation('a')).toMatchObject({ status: 'pending', preview: buildConversation().preview });
  expect(desk.model.row('a')?.pending).toBe(false);
});

test('[R10] sent anyway it is a new command with the same words, as of what was shown to be new', async () => {
  const { server, desk, heldId } = await holdReply();
  await desk.confirmHeld(heldId);
  await vi.waitFor(() => expect(server.received.map(({ type }) => type)).toEqual(['reply', 'set-status', 'reply']));
  expect(server.received.at(-1)).toMatchObject({ text: 'Tomorrow', confirms: heldId, seenMessageId: 'm2' });
  expect(server.received.at(-1)?.id).not.toBe(heldId);
  expect(desk.model.problems.map(({ commandId }) => commandId)).not.toContain(heldId);
});

test('[R10] given up, the server is told, and nothing of it is asked about any more', async () => {
  const { server, desk, heldId } = await holdReply();
  const waitingId = server.received[1]?.id ?? '';
  await desk.dismissProblem(heldId);
  await vi.waitFor(() => expect(server.received.at(-1)).toMatchObject({ type: 'discard', commandId: heldId }));
  server.tell({ id: waitingId, status: 'rejected', seq: null, reason: { kind: 'discarded', by: 'x' } });
  await vi.waitFor(() => expect(desk.model.problems).toEqual([]));
});

test('[R8] a held command that was carried out meanwhile is over for this device', async () => {
  const { server, desk, heldId } = await holdReply();
  const waitingId = server.received[1]?.id ?? '';
  await desk.confirmHeld(heldId);
  server.tell({ id: waitingId, status: 'applied', seq: 1 });
  await vi.waitFor(() => expect(desk.model.problems).toEqual([]));
});

test('[R10] held commands are still asked about after a restart', async () => {
  const { server, desk, device, heldId } = await holdReply();
  await desk.close();
  const again = await device.start(server);
  onTestFinished(() => again.close());
  await vi.waitFor(() => expect(again.model.problems).toMatchObject([{ commandId: heldId, held: true }]));
});

test('a confirmation of what was held for its age names what its author had seen then', () => {
  const command = {
    id: 'c-1234567',
    type: 'reply',
    conversationId: 'a',
    text: 'x',
    seenMessageId: 'm1',
    after: ['b'],
    at: 1,
  } as const;
  const result = { id: 'c-1234567', status: 'held', seq: null, reason: { kind: 'too-old', at: 1 } } as const;
  expect(toConfirmation({ id: 'c-1234567', command: { ...command, after: ['b'] }, result })).toEqual({
    ...{ type: 'reply', conversationId: 'a', text: 'x', seenMessageId: 'm1', confirms: 'c-1234567' },
  });
});

test('[R9] while its conversation goes out of sight, a waiting reply is not gone from a thread that is still there', async () => {
  const server = new FakeServer('agent-1');
  server.commit(['directory', buildAgent()], ['directory', buildChannel()], ['customer', buildCustomer()]);
  server.commit(
    ['conversation', buildConversation({ id: 'a' })],
    ['message', buildMessage({ id: 'm1', conversationId: 'a' })],
  );
  const desk = await new TestDevice().start(server);
  onTestFinished(() => desk.close());
  await vi.waitFor(() => expect(desk.connection.kind).toBe('online'));
  const answering = Promise.withResolvers<void>();
  onTestFinished(() => answering.resolve());
  server.beforeCommands = () => answering.promise;
  const shown: boolean[] = [];
  const look = () => {
    const rows = desk.model.messages('a');
    if (rows && desk.model.conversation('a')) shown.push(rows.some(({ text }) => text === 'Tomorrow'));
  };
  onTestFinished(desk.model.threads.subscribe('a', () => look()));
  await desk.send({ type: 'reply', conversationId: 'a', text: 'Tomorrow', seenMessageId: 'm1' });
  await vi.waitFor(() => expect(shown).toContain(true));
  shown.splice(0);
  server.remove('conversation', 'a');
  await vi.waitFor(() => expect(desk.model.conversation('a')).toBeNull());
  expect(shown).not.toContain(false);
});

/** The author's other device, the one that wrote the held reply being away. */
async function openOther(server: FakeServer, desk: DeskRuntime): Promise<DeskRuntime> {
  await desk.close();
  const other = await new TestDevice().start(server);
  onTestFinished(() => other.close());
  await vi.waitFor(() => expect(other.model.problems).toHaveLength(1));
  return other;
}

test('[R10] a reply that was held is asked about on all devices of its author, and sent after all from any of them', async () => {
  const { server, desk, device, heldId } = await holdReply();
  const other = await openOther(server, desk);
  expect(other.model.problems).toMatchObject([
    {
      ...{ commandId: heldId, held: true, type: 'reply', conversationId: 'a', text: 'Tomorrow' },
      reason: { kind: 'unseen', messageIds: ['m2', 'm1'] },
    },
  ]);
  server.outage = { kind: 'unreachable', reason: 'no network' };
  server.cut();
  await other.confirmHeld(heldId);
  expect(other.model.problems).toEqual([]);
  server.outage = null;
  other.retryNow();
  await vi.waitFor(() => expect(server.received.at(-1)).toMatchObject({ text: 'Tomorrow', confirms: heldId }));
  expect(server.received.at(-1)).toMatchObject({ conversationId: 'a', seenMessageId: 'm2' });
  await vi.waitFor(() => expect(other.model.pendingCount).toBe(0));
  expect(other.model.problems).toEqual([]);
  await other.close();
  // The device that wrote it learns of the decision, and of what waited for it.
  server.tell({ id: server.received[1]?.id ?? '', status: 'applied', seq: 1 });
  const again = await device.start(server);
  onTestFinished(() => again.close());
  await vi.waitFor(() => expect(again.connection.kind).toBe('online'));
  await vi.waitFor(() => expect(again.model.problems).toEqual([]));
});

test('[R10] given up on another device than the one that wrote it, the server is told', async () => {
  const { server, desk, heldId } = await holdReply();
  const other = await openOther(server, desk);
  await other.dismissProblem(heldId);
  expect(other.model.problems).toEqual([]);
  await vi.waitFor(() => expect(server.received.at(-1)).toMatchObject({ type: 'discard', commandId: heldId }));
  await vi.waitFor(() => expect(other.model.pendingCount).toBe(0));
  expect(other.model.problems).toEqual([]);
});
