import type { ChatMessage } from '@tradewind/shared/chat/wire';
import { expect, test } from 'vitest';
import { findReceipt } from './receipts.ts';

const messages = [1, 2, 3, 4].map(
  (order): ChatMessage => ({
    id: `m${order}`,
    order,
    at: 0,
    author: order === 2 ? 'visitor' : 'agent',
    authorName: '',
    conversationId: 'c',
    text: '',
    attachments: [],
    recalled: false,
  }),
);

test('answers are reported as arrived, later as read, each once', () => {
  const arrived = findReceipt(messages, 0, { delivered: 0, read: 0 });
  expect(arrived?.receipt).toEqual({ delivered: ['m1', 'm3', 'm4'], read: [] });
  const reported = arrived?.reported ?? { delivered: 0, read: 0 };
  expect(findReceipt(messages, 0, reported)).toBeNull();
  const read = findReceipt(messages, 3, reported);
  expect(read?.receipt).toEqual({ delivered: [], read: ['m1', 'm3'] });
  expect(findReceipt(messages, 3, read?.reported ?? reported)).toBeNull();
});

test('what is read at once need not be reported as arrived', () => {
  expect(findReceipt(messages, 4, { delivered: 0, read: 0 })?.receipt).toEqual({
    delivered: [],
    read: ['m1', 'm3', 'm4'],
  });
});
