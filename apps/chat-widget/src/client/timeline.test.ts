import type { ChatMessage } from '@tradewind/shared/chat/wire';
import { expect, test } from 'vitest';
import type { WaitingMessage } from './outbox.ts';
import { buildTimeline, type TimelineItem } from './timeline.ts';

const noon = new Date(2026, 0, 9, 12, 0).getTime();
const MINUTE = 60_000;

function message(id: string, order: number, at: number, more: Partial<ChatMessage> = {}): ChatMessage {
  const rest = { conversationId: 'c', authorName: 'Mei', text: '', recalled: false };
  return { ...rest, attachments: [], id, order, at, author: 'agent', ...more };
}

function waiting(id: string, more: Partial<WaitingMessage> = {}): WaitingMessage {
  return { kind: 'message', id, place: 1, failed: null, text: '', attachments: [], writtenAt: noon, ...more };
}

const show = (items: TimelineItem[]) =>
  items.map((item) => {
    if (item.kind === 'day') return '—';
    const { key, first, last, state } = item;
    return `${first ? '<' : ''}${key}${last ? '>' : ''}${state === null ? '' : `:${state}`}`;
  });

test('a run of one author has one beginning and one end; a pause, a day or another author ends it', () => {
  const items = buildTimeline(
    [
      message('a', 1, noon),
      message('b', 2, noon + MINUTE),
      message('c', 3, noon + 20 * MINUTE),
      message('d', 4, noon + 21 * MINUTE, { authorName: 'Sam' }),
      message('e', 5, noon + 24 * 60 * MINUTE),
    ],
    [],
    0,
    true,
  );
  expect(show(items)).toEqual(['—', '<a', 'b>', '<c>', '<d>', '—', '<e>']);
});

test('the newest of one’s own says how far it came; what waits stands below, in the order it was written', () => {
  const mine = { author: 'visitor', authorName: '' } as const;
  const messages = [message('a', 1, noon, mine), message('b', 2, noon, mine), message('c', 3, noon)];
  const queue = [waiting('x'), waiting('y', { failed: 'length' })];
  expect(show(buildTimeline(messages, queue, 1, false))).toEqual([
    '—',
    '<a',
    'b>:sent',
    '<c>',
    '<x:waiting',
    'y>:failed',
  ]);
  expect(show(buildTimeline(messages, queue, 2, true)).join()).toContain('b>:seen,<c>,<x:sending');
});

test('[R2] what is in the queue and at the desk is shown once', () => {
  const items = buildTimeline([message('a', 1, noon, { author: 'visitor' })], [waiting('a')], 0, true);
  expect(items.filter(({ kind }) => kind === 'message')).toHaveLength(1);
});

test('a clock that jumped back does not mix up days', () => {
  const items = buildTimeline(
    [message('a', 1, noon), message('b', 2, noon + 25 * 60 * MINUTE)],
    [waiting('x')],
    0,
    true,
  );
  const keys = items.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(show(items).at(-1)).toContain('x');
});
