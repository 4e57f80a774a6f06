import type { ChatHistory, ChatMessage } from '@tradewind/shared/chat/wire';
import { expect, test } from 'vitest';
import { addAccepted, addMessages, addOlder, countUnread, noTalk, replaceByPage, setSeen, UNPLACED } from './talk.ts';

function message(id: string, order: number, more: Partial<ChatMessage> = {}): ChatMessage {
  const rest = { conversationId: 'c', authorName: '', text: id, recalled: false };
  return { ...rest, attachments: [], id, order, at: order * 1_000, author: 'agent', ...more };
}

function page(messages: ChatMessage[], more: Partial<ChatHistory> = {}): ChatHistory {
  return { messages, cursor: 10, more: false, hasOlder: false, conversation: noTalk.conversation, ...more };
}

const ids = ({ messages }: { messages: readonly ChatMessage[] }) => messages.map(({ id }) => id).join('');

test('messages stand in the desk’s order, each once, as it was told last', () => {
  const talk = addMessages(replaceByPage(noTalk, page([message('a', 1), message('c', 3)])), {
    messages: [message('b', 2), message('c', 3, { recalled: true })],
    cursor: 12,
  });
  expect(ids(talk)).toBe('abc');
  expect(talk.messages[2]?.recalled).toBe(true);
  expect(talk.cursor).toBe(12);
  expect(addMessages(talk, { messages: [], cursor: 5 }).cursor).toBe(12);
});

test('a change of a message that is not loaded leaves no hole', () => {
  const talk = replaceByPage(noTalk, page([message('x', 8)], { hasOlder: true }));
  expect(ids(addMessages(talk, { messages: [message('a', 1)], cursor: 11 }))).toBe('x');
  const older = addOlder(talk, page([message('v', 6), message('w', 7)]));
  expect(ids(older)).toBe('vwx');
  expect(older.hasOlder).toBe(false);
});

test('what was accepted stays below until the desk’s own form of it comes', () => {
  const own = message('own', UNPLACED, { author: 'visitor', at: 2_500 });
  const talk = addAccepted(replaceByPage(noTalk, page([message('a', 1), message('c', 3)])), own);
  expect(ids(talk)).toBe('aownc');
  expect(ids(replaceByPage(talk, page([message('a', 1)])))).toBe('aown');
  const told = addMessages(talk, { messages: [message('own', 4, { author: 'visitor' })], cursor: 11 });
  expect(ids(told)).toBe('acown');
  // The desk's form came first.
  expect(addAccepted(told, own)).toBe(told);
});

test('a page of a desk that forgot takes the place of what was here', () => {
  const talk = replaceByPage(noTalk, page([message('a', 1), message('b', 2)]));
  expect(ids(replaceByPage(talk, page([])))).toBe('');
});

test('what a desk accepted and lost when it was set back is not shown as sent', () => {
  const own = message('own', UNPLACED, { author: 'visitor', at: 2_500 });
  const talk = addAccepted(replaceByPage(noTalk, page([message('a', 1)])), own);
  expect(ids(replaceByPage(talk, page([message('a', 1)], { cursor: 9 })))).toBe('a');
});

test('unread is what was answered after the last one read', () => {
  const talk = replaceByPage(
    noTalk,
    page([
      message('a', 1),
      message('b', 2, { author: 'bot' }),
      message('c', 3, { author: 'visitor' }),
      message('d', 4, { recalled: true }),
      message('e', 5, { author: 'system' }),
    ]),
  );
  expect(countUnread(talk, 0)).toBe(2);
  expect(countUnread(talk, 1)).toBe(1);
  expect(countUnread(talk, 5)).toBe(0);
});

test('seen does not become unseen', () => {
  expect(setSeen(setSeen(noTalk, 5), 3).conversation.seenOrder).toBe(5);
});
