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
  buildMessage({ id: 'm2', sentAt: TEST_NOW + 20, direction: 'out', text: 'How can I help?' }),
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

test('chats go at the pace of people who type, mails at that of people who have something else to do', () => {
  const lengthOf = (channelKind: string) => {
    const spread = spreadThread({ conversation: { ...conversation, channelKind }, messages }, 5, TEST_NOW);
    return (spread.messages.at(-1)?.sentAt ?? 0) - (spread.messages[0]?.sentAt ?? 0);
  };
  expect(lengthOf('web-chat')).toBeLessThan(15 * 60_000);
  expect(lengthOf('mailgun')).toBeGreaterThan(25 * 60_000);
});

test('nobody writes at night, and who wishes a good morning does so in the morning of another day', () => {
  const lines = Array.from({ length: 160 }, (_, index) =>
    index % 40 === 20 ? 'Good morning! Any news?' : `Line ${index}`,
  );
  const long = lines.map((text, index) =>
    buildMessage({ id: `m${index}`, sentAt: TEST_NOW + index, text, direction: index % 2 === 0 ? 'in' : 'out' }),
  );
  for (const channelKind of ['web-chat', 'mailgun']) {
    const spread = spreadThread({ conversation: { ...conversation, channelKind }, messages: long }, 40, TEST_NOW);
    const times = spread.messages.map(({ sentAt }) => sentAt);
    expect(times.toSorted((left, right) => left - right)).toEqual(times);
    expect(new Set(times).size).toBe(times.length);
    for (const at of times.filter((time) => TEST_NOW - time > 4 * 3_600_000))
      expect(Math.abs(new Date(at).getHours() - 14)).toBeLessThan(8);
    for (const index of [20, 60, 100, 140]) {
      const at = times[index] ?? 0;
      expect(new Date(at).getHours()).toBeLessThan(11);
      expect(new Date(times[index - 1] ?? 0).toDateString()).not.toBe(new Date(at).toDateString());
    }
  }
});

test('a rating comes after the end it rates, and nothing lies in the future', () => {
  const resolved = {
    ...conversation,
    status: 'resolved' as const,
    resolvedAt: TEST_NOW + 50,
    satisfaction: { score: 5, comment: '', at: TEST_NOW + 55 },
  };
  const { conversation: spread } = spreadThread({ conversation: resolved, messages }, 0, TEST_NOW);
  expect(spread.resolvedAt).toBeGreaterThan(spread.lastMessageAt);
  expect(spread.satisfaction?.at).toBeGreaterThan(spread.resolvedAt ?? 0);
  expect(spread.satisfaction?.at).toBeLessThan(TEST_NOW);
});
