import type { CommandInput } from '@tradewind/shared/commands/registry';
import { buildChannel, buildConversation, buildMessage, TEST_NOW } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import type { OutboxEntry } from '../db/documents.ts';
import { overlayConversation, type PendingCommand, toThread } from './overlay.ts';

function toPending(command: CommandInput, fields: Partial<OutboxEntry> = {}, inFlight = false): PendingCommand {
  const entry = {
    id: command.id,
    order: 1,
    command,
    conversationId: 'conversation-1',
    status: 'waiting',
    result: null,
  };
  return { entry: { ...entry, epoch: 0, ...fields } as OutboxEntry, inFlight };
}

const reply: CommandInput = {
  id: 'command-0001',
  type: 'reply',
  conversationId: 'conversation-1',
  text: 'On its way',
  at: TEST_NOW + 5_000,
};
const messages = new Map([buildMessage()].map((message) => [message.id, message]));
const directory = new Map([buildChannel()].map((channel) => [channel.id, channel]));
const base = { conversation: buildConversation(), messages, directory };

test('[R9] a reply is addressed, queued and shown as the server will make it', () => {
  const { conversation, local } = overlayConversation(base, [toPending(reply)], 'agent-1');
  expect(local).toMatchObject([
    {
      id: reply.id,
      local: true,
      status: 'queued',
      from: { name: 'Shop mail', address: 'help@shop.example' },
      to: [{ name: 'Mei Lin', address: 'mei@example.com' }],
      subject: 'Re: Where is my order?',
      references: ['<1@mail.example>'],
      sentAt: TEST_NOW + 5_000,
    },
  ]);
  expect(conversation).toMatchObject({ status: 'open', waitingSince: null, preview: 'On its way' });
});

test.each([
  ['waiting', false, 'queued'],
  ['waiting', true, 'sending'],
  ['applied', false, 'sending'],
] as const)('a message is %s, in flight %s: shown as %s', (status, inFlight, shown) => {
  const { local } = overlayConversation(base, [toPending(reply, { status }, inFlight)], 'agent-1');
  expect(local[0]?.status).toBe(shown);
});

test('[R9] a message the server’s documents hold already is shown as they tell it', () => {
  const known = buildMessage({ id: reply.id, direction: 'out', status: 'delivered', sentAt: TEST_NOW + 5_000 });
  const withReply = { ...base, messages: new Map([...messages, [known.id, known]]) };
  const overlay = overlayConversation(withReply, [toPending(reply)], 'agent-1');
  expect(overlay.local).toEqual([]);
  expect(toThread(withReply.messages, overlay).map(({ id, status }) => [id, status])).toEqual([
    ['message-1', 'received'],
    [reply.id, 'delivered'],
  ]);
});

test('commands build on each other in their order', () => {
  const assign: CommandInput = { id: 'command-0002', type: 'assign', conversationId: 'conversation-1', agentId: 'me' };
  const tag: CommandInput = { id: 'command-0003', type: 'tag', conversationId: 'conversation-1', add: ['vip'] };
  const untag: CommandInput = { id: 'command-0004', type: 'tag', conversationId: 'conversation-1', remove: ['vip'] };
  const { conversation } = overlayConversation(
    base,
    [assign, tag, untag].map((command) => toPending(command)),
    'me',
  );
  expect(conversation).toMatchObject({ assigneeId: 'me', status: 'open', tags: [] });
});

test('a failed message being retried is queued; one that has moved on is left as it is', () => {
  const retry: CommandInput = { id: 'command-0005', type: 'retry-message', messageId: 'message-2' };
  const failed = buildMessage({ id: 'message-2', direction: 'out', status: 'failed' });
  const retried = overlayConversation({ ...base, messages: new Map([[failed.id, failed]]) }, [toPending(retry)], 'me');
  expect(retried.changed.get('message-2')).toMatchObject({ status: 'queued' });
  const sent = { ...failed, status: 'sent' as const };
  const moved = overlayConversation({ ...base, messages: new Map([[sent.id, sent]]) }, [toPending(retry)], 'me');
  expect(moved.changed.size).toBe(0);
});

test('a command that an earlier version stored and this one cannot read is left to the server', () => {
  const odd = { id: 'command-0006', type: 'teleport', conversationId: 'conversation-1' } as unknown as CommandInput;
  expect(overlayConversation(base, [toPending(odd)], 'me')).toMatchObject({
    conversation: base.conversation,
    local: [],
  });
});

test('a thread is ordered by the instant of sending, then by creation; deleted messages are not shown', () => {
  const rows = [
    buildMessage({ id: 'late', sentAt: TEST_NOW + 2, createdSeq: 1 }),
    buildMessage({ id: 'second', sentAt: TEST_NOW, createdSeq: 9 }),
    buildMessage({ id: 'first', sentAt: TEST_NOW, createdSeq: 8 }),
    buildMessage({ id: 'gone', deleted: true }),
  ];
  const thread = toThread(new Map(rows.map((message) => [message.id, message])), undefined);
  expect(thread.map(({ id }) => id)).toEqual(['first', 'second', 'late']);
});
