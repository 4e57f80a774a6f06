import { buildMessage, TEST_NOW } from '@tradewind/shared/testing/builders';
import { expect, test } from 'vitest';
import type { ThreadMessage } from '../../desk/types.ts';
import { toTimeline } from './timeline.ts';

const MINUTE = 60_000;

function buildRow(id: string, minutes: number, fields: Partial<ThreadMessage> = {}): ThreadMessage {
  return { ...buildMessage({ id, sentAt: TEST_NOW + minutes * MINUTE }), local: false, ...fields };
}

const ours = { direction: 'out', authorType: 'agent', authorId: 'agent-1' } as const;
const describe = (messages: ThreadMessage[], options: Partial<Parameters<typeof toTimeline>[1]> = {}) =>
  toTimeline(messages, { chat: true, rating: null, ...options }).map((item) => {
    if (item.kind !== 'message') return item.kind;
    return [item.message.id, item.continues && 'continues', item.told && 'told'].filter(Boolean).join(' ');
  });

test('in a chat, what one author writes in a row is one; a pause, another author or a line in between ends it', () => {
  const messages = [
    buildRow('1', 0),
    buildRow('2', 1),
    buildRow('3', 7),
    buildRow('4', 8, ours),
    buildRow('5', 9, { ...ours, authorId: 'agent-2' }),
    buildRow('6', 10, { ...ours, authorId: 'agent-2', kind: 'note' }),
    buildRow('7', 11, { kind: 'event', authorType: 'system' }),
    buildRow('8', 12),
  ];
  expect(describe(messages)).toEqual(['day', '1 told', '2 continues', '3', '4', '5', '6', '7', '8']);
});

test('mail is letters: each has its own heading', () => {
  expect(describe([buildRow('1', 0), buildRow('2', 1)], { chat: false })).toEqual(['day', '1', '2']);
});

test('a state is told once for messages in a row that share it, and each one that differs tells its own', () => {
  const messages = (['delivered', 'delivered', 'failed', 'sent'] as const).map((status, index) =>
    buildRow(`${index}`, index / 10, { ...ours, status }),
  );
  expect(describe(messages)).toEqual(['day', '0 told', '1 continues', '2 continues', '3 continues']);
});

test('the rating stands where it was given, also after the last message and on a day of its own', () => {
  const rating = { score: 4, comment: '', at: TEST_NOW + 5 * MINUTE };
  const messages = [buildRow('1', 0), buildRow('2', 10)];
  expect(describe(messages, { rating })).toEqual(['day', '1', 'rating', '2']);
  expect(describe(messages, { rating: { ...rating, at: TEST_NOW + 3 * 86_400_000 } })).toEqual([
    'day',
    '1',
    '2',
    'day',
    'rating',
  ]);
});

test('a rating older than the messages shown waits for those', () => {
  const rating = { score: 4, comment: '', at: TEST_NOW - MINUTE };
  expect(describe([buildRow('1', 0)], { rating })).toEqual(['day', '1']);
});
