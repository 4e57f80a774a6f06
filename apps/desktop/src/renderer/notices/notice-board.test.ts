import type { Notice } from '@tradewind/shared/ipc/bridge';
import { expect, test } from 'vitest';
import { NoticeBoard } from './notice-board.ts';
import type { NoticeText } from './words.ts';

function setUp(sound = true) {
  const shown: Notice[] = [];
  const dismissed: string[] = [];
  let chimes = 0;
  const board = new NoticeBoard({
    bridge: {
      notices: {
        show: async (notice) => void shown.push(notice),
        dismiss: async (id) => void dismissed.push(id),
      },
    },
    actions: () => ({ reply: 'Reply', resolve: 'Resolve' }),
    hasSound: () => sound,
    playSound: () => {
      chimes += 1;
    },
    open: () => undefined,
  });
  return { board, shown, dismissed, chimes: () => chimes };
}

const notice: NoticeText = {
  id: 'conversation:c1',
  kind: 'message',
  title: 'Mei',
  body: 'Hello?',
  conversationId: 'c1',
  messageId: 'm1',
};

test('in the desktop app a notice has buttons where they make sense, and the system’s sound unless it is off', () => {
  const { board, shown, chimes } = setUp();
  board.show([notice, { ...notice, id: 'failed:m2', kind: 'failed' }, { ...notice, id: 'summary', messageId: null }]);
  expect(shown.map(({ actions }) => actions)).toEqual([{ reply: 'Reply', resolve: 'Resolve' }, {}, {}]);
  expect(shown.every(({ silent }) => !silent)).toBe(true);
  expect(chimes()).toBe(0);
  const quiet = setUp(false);
  quiet.board.show([notice]);
  expect(quiet.shown[0]?.silent).toBe(true);
});

test('words that are too long for the shell are cut, not refused', () => {
  const { board, shown } = setUp();
  board.show([{ ...notice, title: 'x'.repeat(400), body: 'y'.repeat(2_000) }]);
  expect([shown[0]?.title.length, shown[0]?.body.length]).toEqual([300, 1_000]);
});

test('only what was shown is dismissed, once', () => {
  const { board, dismissed } = setUp();
  board.dismiss(notice.id);
  board.show([notice]);
  board.dismiss(notice.id);
  board.dismiss(notice.id);
  expect(dismissed).toEqual([notice.id]);
});

test('[R10] what the agent has read of a conversation is the message its newest notice showed', () => {
  const { board } = setUp();
  board.show([notice, { ...notice, messageId: 'm2' }]);
  board.show([{ ...notice, id: 'failed:f1', kind: 'failed', messageId: 'f1' }]);
  expect(board.findLastRead('c1')).toBe('m2');
  expect(board.findLastRead('c2')).toBeNull();
  board.show(Array.from({ length: 100 }, (_, at) => ({ ...notice, conversationId: `x${at}` })));
  expect(board.findLastRead('c1')).toBeNull();
});
