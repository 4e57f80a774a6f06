import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { buildConversation, TEST_NOW } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import { findChatThread, findThread } from './threading.ts';

const mei = { customerId: 'customer-1', address: 'mei@example.com' };
const stranger = { customerId: 'customer-9', address: 'mallory@example.com' };
const thread = buildConversation({ id: 'thread' });
const knows = (entries: Record<string, Conversation[]>) => new Map(Object.entries(entries));

test('a mail joins the thread its In-Reply-To names', () => {
  expect(findThread(knows({ '<1@x>': [thread] }), '<2@x>', ['<1@x>'], mei)).toBe(thread);
});

test('the nearest reference wins over older ones', () => {
  const older = buildConversation({ id: 'older' });
  const known = knows({ '<0@x>': [older], '<1@x>': [thread] });
  expect(findThread(known, '<2@x>', ['<0@x>', '<1@x>'], mei)).toBe(thread);
});

test('an unknown reference is skipped for the next older one', () => {
  expect(findThread(knows({ '<0@x>': [thread] }), '<2@x>', ['<0@x>', '<lost@x>'], mei)).toBe(thread);
});

test('a mail that an earlier arrival already names joins that one', () => {
  expect(findThread(knows({ '<2@x>': [thread] }), '<2@x>', [], mei)).toBe(thread);
});

test('nothing known: no thread', () => {
  expect(findThread(knows({}), '<2@x>', ['<1@x>'], mei)).toBeNull();
  expect(findThread(knows({ '<1@x>': [] }), '<2@x>', ['<1@x>'], mei)).toBeNull();
});

test('[R14] a stranger who quotes a thread does not join it', () => {
  expect(findThread(knows({ '<1@x>': [thread] }), '<2@x>', ['<1@x>'], stranger)).toBeNull();
});

test('[R14] a stranger whose mail names the id of a message on its way does not join either', () => {
  expect(findThread(knows({ '<2@x>': [thread] }), '<2@x>', [], stranger)).toBeNull();
});

test('[R14] somebody who was copied is part of the conversation', () => {
  const copied = buildConversation({ participants: ['mei@example.com', 'bo@example.com'] });
  const bo = { customerId: 'customer-2', address: 'bo@example.com' };
  expect(findThread(knows({ '<1@x>': [copied] }), '<2@x>', ['<1@x>'], bo)).toBe(copied);
});

test('[R14] the customer joins from another address of theirs', () => {
  const other = { customerId: 'customer-1', address: 'mei@work.example' };
  expect(findThread(knows({ '<1@x>': [thread] }), '<2@x>', ['<1@x>'], other)).toBe(thread);
});

test('[R14] a sender nobody knows yet is matched by address only, never by a missing customer', () => {
  const unknown = { customerId: null, address: 'new@example.com' };
  expect(findThread(knows({ '<1@x>': [thread] }), '<2@x>', ['<1@x>'], unknown)).toBeNull();
});

test('[R14] where several conversations name an id, only those the writer is part of count, the newest of them', () => {
  const foreign = buildConversation({
    id: 'foreign',
    customerId: 'customer-7',
    participants: [],
    lastMessageAt: TEST_NOW + 9,
  });
  const newer = buildConversation({ id: 'newer', lastMessageAt: TEST_NOW + 5 });
  expect(findThread(knows({ '<1@x>': [foreign, thread, newer] }), '<2@x>', ['<1@x>'], mei)).toBe(newer);
});

test('[R14] a stranger’s own conversation is found behind a nearer one that is closed to them', () => {
  const own = buildConversation({ id: 'own', customerId: 'customer-9', participants: ['mallory@example.com'] });
  const known = knows({ '<0@x>': [own], '<1@x>': [thread] });
  expect(findThread(known, '<2@x>', ['<0@x>', '<1@x>'], stranger)).toBe(own);
});

test('a visitor goes on with his unresolved conversation, else with the last one', () => {
  const old = buildConversation({ id: 'old', status: 'resolved', lastMessageAt: 9 });
  const open = buildConversation({ id: 'open', status: 'snoozed', lastMessageAt: 5 });
  const older = buildConversation({ id: 'older', status: 'resolved', lastMessageAt: 1 });
  // Somebody said thank you in the old one after the new one began: it stays closed.
  expect(findChatThread([old, open, older])).toBe(open);
  expect(findChatThread([older, old])).toBe(old);
  expect(findChatThread([])).toBeNull();
});
