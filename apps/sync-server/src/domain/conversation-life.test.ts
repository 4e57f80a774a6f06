import { conversationStatuses } from '@tradewind/shared/schemas/conversation';
import { buildConversation, TEST_NOW } from '@tradewind/shared/testing/builders';
import { deepFreeze } from '@tradewind/shared/testing/freeze';
import { createRandom, pick } from '@tradewind/shared/testing/random';
import { expect, test } from 'vitest';
import {
  type CustomerMessageFacts,
  createConversation,
  isPastReopening,
  REOPEN_DAYS,
  receiveCustomerMessage,
  takeReplyBack,
  wakeConversation,
} from './conversation-life.ts';

const DAY_MS = 86_400_000;
const message = (fields: Partial<CustomerMessageFacts> = {}): CustomerMessageFacts => ({
  at: TEST_NOW + 1_000,
  text: 'Any news?',
  subject: 'Re: Where is my order?',
  id: 'message-1',
  participants: ['mei@example.com'],
  ...fields,
});

test.each([
  ['pending', null, 'pending'],
  ['pending', 'agent-1', 'pending'],
  ['open', null, 'open'],
  ['open', 'agent-1', 'open'],
  ['snoozed', 'agent-1', 'open'],
  ['snoozed', null, 'pending'],
  ['resolved', 'agent-1', 'open'],
  ['resolved', null, 'pending'],
] as const)('a message on a conversation that is %s and assigned to %s makes it %s', (status, assigneeId, after) => {
  const before = buildConversation({
    status,
    assigneeId,
    resolvedAt: status === 'resolved' ? TEST_NOW : null,
    snoozedUntil: status === 'snoozed' ? TEST_NOW + DAY_MS : null,
  });
  expect(receiveCustomerMessage(before, message())).toMatchObject({
    status: after,
    assigneeId,
    resolvedAt: null,
    snoozedUntil: null,
  });
});

test('waiting counts from the oldest message nobody has answered, also when an older one is replayed later', () => {
  const answered = buildConversation({ waitingSince: null });
  const first = receiveCustomerMessage(answered, message({ at: TEST_NOW + 1_000 }));
  expect(first.waitingSince).toBe(TEST_NOW + 1_000);
  const second = receiveCustomerMessage(first, message({ at: TEST_NOW + 2_000 }));
  expect(second.waitingSince).toBe(TEST_NOW + 1_000);
  expect(receiveCustomerMessage(second, message({ at: TEST_NOW + 500 })).waitingSince).toBe(TEST_NOW + 500);
});

test('the preview is of the newest message: its text, else its subject, at most 140 characters', () => {
  const before = buildConversation({ lastMessageAt: TEST_NOW, preview: 'old' });
  expect(receiveCustomerMessage(before, message()).preview).toBe('Any news?');
  expect(receiveCustomerMessage(before, message({ text: '' })).preview).toBe('Re: Where is my order?');
  expect(receiveCustomerMessage(before, message({ text: '', subject: 'x'.repeat(900) })).preview).toHaveLength(140);
  const replayed = receiveCustomerMessage(before, message({ at: TEST_NOW - 1 }));
  expect(replayed).toMatchObject({ preview: 'old', lastMessageAt: TEST_NOW });
});

test('who writes or is copied becomes part of the thread, once', () => {
  const before = buildConversation({ participants: ['mei@example.com'] });
  const after = receiveCustomerMessage(before, message({ participants: ['bo@example.com', 'mei@example.com'] }));
  expect(after.participants).toEqual(['mei@example.com', 'bo@example.com']);
});

test('a subject is taken from the first message that has one', () => {
  expect(receiveCustomerMessage(buildConversation({ subject: '' }), message()).subject).toBe('Re: Where is my order?');
  expect(receiveCustomerMessage(buildConversation({ subject: 'Hi' }), message()).subject).toBe('Hi');
});

test.each([
  ['resolved', REOPEN_DAYS * DAY_MS, false],
  ['resolved', REOPEN_DAYS * DAY_MS + 1, true],
  ['open', 900 * DAY_MS, false],
  ['snoozed', 900 * DAY_MS, false],
  ['pending', 900 * DAY_MS, false],
] as const)('%s and %i ms later: a new conversation? %s', (status, later, past) => {
  const conversation = buildConversation({ status, resolvedAt: status === 'resolved' ? TEST_NOW : null });
  expect(isPastReopening(conversation, TEST_NOW + later)).toBe(past);
});

test('without the instant of resolving, the last message counts', () => {
  const conversation = buildConversation({ status: 'resolved', resolvedAt: null, lastMessageAt: TEST_NOW });
  expect(isPastReopening(conversation, TEST_NOW + 2 * DAY_MS, 1)).toBe(true);
  expect(isPastReopening(conversation, TEST_NOW + DAY_MS, 1)).toBe(false);
});

test('a new conversation waits for whoever takes it, and names the one it follows', () => {
  const given = {
    id: 'c2',
    customerId: 'customer-1',
    channelAccountId: 'channel-1',
    channelKind: 'mailgun',
    subject: 'Again',
    createdAt: TEST_NOW,
    previousId: 'c1',
  };
  expect(createConversation(given)).toMatchObject({
    ...given,
    status: 'pending',
    assigneeId: null,
    waitingSince: null,
  });
});

test.each([
  ['agent-1', 'open'],
  [null, 'pending'],
] as const)('a snoozed conversation of %s wakes as %s', (assigneeId, status) => {
  const asleep = buildConversation({ status: 'snoozed', snoozedUntil: TEST_NOW, assigneeId });
  expect(wakeConversation(asleep)).toEqual({ ...asleep, status, snoozedUntil: null });
});

test('messages in any order leave the same waiting, newest instant and participants', () => {
  const random = createRandom(4);
  for (let round = 0; round < 200; round++) {
    const before = deepFreeze(buildConversation({ status: pick(random, conversationStatuses), waitingSince: null }));
    const messages = Array.from({ length: 4 }, () =>
      message({
        at: TEST_NOW + Math.floor(random() * 10_000),
        participants: [pick(random, ['a@example.com', 'b@example.com', 'c@example.com'])],
      }),
    );
    const take = (list: CustomerMessageFacts[]) => {
      const { waitingSince, lastMessageAt, participants, status } = list.reduce(receiveCustomerMessage, before);
      return { waitingSince, lastMessageAt, participants: participants.toSorted(), status };
    };
    expect(take(messages.toReversed())).toEqual(take(messages));
  }
});

test('[R10] when a reply on its way is held, its customer waits on and lists quote what is left', () => {
  const conversation = buildConversation({ waitingSince: null, preview: 'I refund you' });
  const left = { unansweredSince: TEST_NOW - 5, newest: { text: 'Where is it?', subject: '' } };
  const after = takeReplyBack(deepFreeze(conversation), left);
  expect(after).toEqual({ ...conversation, waitingSince: TEST_NOW - 5, preview: 'Where is it?' });
  expect(takeReplyBack({ ...conversation, waitingSince: 7 }, left).waitingSince).toBe(7);
  expect(takeReplyBack({ ...conversation, status: 'resolved' }, left).waitingSince).toBeNull();
  expect(takeReplyBack(conversation, { unansweredSince: null, newest: null })).toEqual(conversation);
});
