import { expect, test } from 'vitest';
import { APPLIED_AT, applyInput, COMMAND_ID, conversationOf, messageOf } from '../testing/apply-command.ts';
import { startConversationSchema } from './start-conversation.ts';

const start = {
  type: 'start-conversation',
  channelAccountId: 'channel-1',
  to: ['New@Example.com', { name: 'Bo', address: 'bo@example.com' }],
  subject: 'Your order',
  text: '\nDear customer,\nit left today.',
} as const;
const fields = { ...start, to: [...start.to] };

test('makes conversation and message under the command’s id, in progress with its author', () => {
  const outcome = applyInput(fields, { conversation: null });
  expect(conversationOf(outcome)).toMatchObject({
    id: COMMAND_ID,
    status: 'open',
    assigneeId: 'agent-1',
    channelAccountId: 'channel-1',
    channelKind: 'mailgun',
    subject: 'Your order',
    preview: 'Dear customer, it left today.',
    waitingSince: null,
    firstRepliedAt: APPLIED_AT,
  });
  expect(messageOf(outcome)).toMatchObject({ id: COMMAND_ID, conversationId: COMMAND_ID, status: 'queued' });
});

test('asks for the customer of the first address; all of them are part of the thread, lower-cased (R14)', () => {
  const outcome = applyInput(fields, { conversation: null });
  expect(outcome).toMatchObject({ contact: { name: '', address: 'New@Example.com' } });
  expect(conversationOf(outcome).participants).toEqual(['new@example.com', 'bo@example.com']);
});

test('takes one address as well as a list', () => {
  const outcome = applyInput({ ...fields, to: 'one@example.com' }, { conversation: null });
  expect(messageOf(outcome).to).toEqual([{ name: '', address: 'one@example.com' }]);
});

const refused: [fields: Record<string, unknown>, why: string][] = [
  [{ to: [] }, 'nobody to write to'],
  [{ to: 'nowhere' }, 'no address'],
  [{ subject: 'a\r\nBcc: b@example.com' }, 'a second header in the subject'],
  [{ text: ' ' }, 'nothing to say'],
];
test('says what an address looks like', () => {
  const errorOf = (to: unknown) => startConversationSchema.safeParse({ id: COMMAND_ID, ...start, to }).error?.issues[0];
  expect(errorOf('nowhere')).toMatchObject({ path: ['to'], message: expect.stringContaining('name@example.com') });
  expect(errorOf([])).toMatchObject({ path: ['to'], message: 'needs at least one recipient' });
});

test.each(refused)('refuses %j: %s', (change) => {
  expect(startConversationSchema.safeParse({ id: COMMAND_ID, ...start, ...change }).success).toBe(false);
});

test('on a website chat it is refused: nobody can be written to who has not come', () => {
  const channel = { id: 'channel-1', channelKind: 'web-chat', name: 'Chat', address: 'https://www.shop.example' };
  expect(applyInput(fields, { conversation: null, channel })).toEqual({
    ok: false,
    reason: { kind: 'unsupported', type: 'start-conversation' },
  });
});
