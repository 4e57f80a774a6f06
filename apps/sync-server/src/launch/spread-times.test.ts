import { buildConversation, buildMessage, TEST_NOW } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import { orderByAge, spreadThread } from './spread-times.ts';

const conversation = buildConversation({
  status: 'open',
  createdAt: TEST_NOW,
  lastMessageAt: TEST_NOW + 40,
  waitingSince: TEST_NOW + 40,
  firstRepliedAt: TEST_NOW + 20,
});
const messages = [
  buildMessage({ id: 'm1', sentAt: TEST_NOW, text: 'Hello?' }),
  buildMessage({ id: 'm2', sentAt: TEST_NOW + 20, direction: 'out', text: 'Good morning' }),
  buildMessage({ id: 'm3', sentAt: TEST_NOW + 40, text: 'Thanks' }),
];

test('a thread keeps its order, and what its conversation says of times is true of its messages', () => {
  const spread = spreadThread({ conversation, messages }, 5, TEST_NOW + 60);
  const [first = 0, reply = 0, last = 0] = spread.messages.map(({ sentAt }) => sentAt);
  expect(first).toBeLessThan(reply);
  expect(reply).toBeLessThan(last);
  expect(last).toBeLessThan(TEST_NOW);
  expect(spread.conversation).toMatchObject({
    createdAt: first,
    firstRepliedAt: reply,
    lastMessageAt: last,
    waitingSince: last,
    resolvedAt: null,
  });
});

test('the further down the list, the older; resolved ones mostly lie back', () => {
  const at = (place: number) => spreadThread({ conversation, messages }, place, TEST_NOW).conversation.lastMessageAt;
  expect(at(0)).toBeGreaterThan(at(1));
  expect(at(10)).toBeGreaterThan(at(79));
  const threads = Array.from({ length: 40 }, (_, index) => ({
    conversation: buildConversation({ subject: `Subject ${index}`, status: index % 2 === 0 ? 'open' : 'resolved' }),
    messages: [],
  }));
  const statuses = orderByAge(threads).map((thread) => thread.conversation.status);
  expect(statuses.slice(0, 15).filter((status) => status === 'open').length).toBeGreaterThan(10);
});
