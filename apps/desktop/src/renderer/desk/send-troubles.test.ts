import type { Message } from '@tradewind/shared/schemas/message';
import { buildChannel, buildConversation, buildMessage } from '@tradewind/shared/testing/builders';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FakeServer } from '../replication/testing/fake-server.ts';
import { TestDevice } from './testing/open-test-desk.ts';

const unreachable = { kind: 'unreachable', reason: 'no network' } as const;
const buildSent = (fields: Partial<Message>): ['message', Message] => [
  'message',
  buildMessage({ id: 'sent', direction: 'out', authorType: 'agent', authorId: 'agent-1', status: 'sent', ...fields }),
];

async function openOnline() {
  const server = new FakeServer('agent-1');
  server.commit(['directory', buildChannel()], ['conversation', buildConversation()], ['message', buildMessage()]);
  server.commit(buildSent({}));
  const desk = await new TestDevice('disk').start(server);
  onTestFinished(() => desk.close());
  await vi.waitFor(() => expect(desk.connection.kind).toBe('online'), { interval: 1 });
  const expectTrouble = (trouble: string | null) =>
    vi.waitFor(() => expect(desk.model.conversationList('all')?.[0]?.trouble).toBe(trouble), { interval: 1 });
  return { desk, server, expectTrouble };
}

test('a row is marked while a message of ours failed or nobody knows, and no longer', async () => {
  const { server, expectTrouble } = await openOnline();
  await expectTrouble(null);
  server.commit(buildSent({ status: 'unknown' }));
  await expectTrouble('unknown');
  server.commit(buildSent({ id: 'second', status: 'failed' }));
  await expectTrouble('failed');
  server.commit(buildSent({ id: 'second', status: 'failed', failure: { kind: 'dropped', text: '' } }));
  await expectTrouble('unknown');
  server.commit(buildSent({ status: 'delivered' }));
  await expectTrouble(null);
});

test('[R9] sending again takes the mark away at once, also offline', async () => {
  const { desk, server, expectTrouble } = await openOnline();
  server.commit(buildSent({ status: 'failed', failure: { kind: 'bounced', text: '550' } }));
  await expectTrouble('failed');
  server.outage = unreachable;
  server.cut();
  await desk.send({ type: 'retry-message', messageId: 'sent' });
  await expectTrouble(null);
});

test('a mark is there after a restart, and a failed message can be given up', async () => {
  const server = new FakeServer('agent-1');
  server.commit(['directory', buildChannel()], ['conversation', buildConversation()]);
  server.commit(buildSent({ status: 'failed' }));
  const device = new TestDevice('disk');
  const first = await device.start(server);
  await vi.waitFor(() => expect(first.connection.kind).toBe('online'), { interval: 1 });
  await first.close();
  server.outage = unreachable;
  const desk = await device.start(server);
  onTestFinished(() => desk.close());
  const trouble = () => desk.model.conversationList('all')?.[0]?.trouble;
  await vi.waitFor(() => expect(trouble()).toBe('failed'), { interval: 1 });
  await desk.send({ type: 'settle-message', messageId: 'sent', choice: 'drop' });
  await vi.waitFor(() => expect(trouble()).toBe(null), { interval: 1 });
});
