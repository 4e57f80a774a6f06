import { beforeEach, expect, test } from 'vitest';
import type { CommandDraft, Presence } from '../desk/types.ts';
import { ShellEvents } from '../platform/shell-events.ts';
import { useUi } from '../stores/ui.ts';
import { followShell } from './follow-shell.ts';

beforeEach(() => useUi.getState().reset());

function setUp(lastRead: string | null = 'message-9') {
  const events = new ShellEvents();
  const sent: CommandDraft[] = [];
  const chosen: Presence[] = [];
  const opened: string[] = [];
  const stop = followShell({
    desk: {
      send: async (draft) => {
        sent.push(draft);
        return 'command-1';
      },
      setPresence: (presence) => chosen.push(presence),
    },
    board: { findLastRead: () => lastRead },
    on: (type, listener) => events.on(type, listener),
    open: (conversationId) => opened.push(conversationId),
  });
  return { events, sent, chosen, opened, stop };
}

test('[R10] an answer from a notice answers what the notice showed', () => {
  const { events, sent } = setUp();
  events.receive({ type: 'reply', conversationId: 'c1', text: 'On its way' });
  events.receive({ type: 'reply', conversationId: 'c1', text: '  ' });
  expect(sent).toEqual([{ type: 'reply', conversationId: 'c1', text: 'On its way', seenMessageId: 'message-9' }]);
});

test('resolve, presence and a followed link reach the desk', () => {
  const desk = setUp();
  desk.events.receive({ type: 'resolve', conversationId: 'c1' });
  desk.events.receive({ type: 'presence', presence: 'away' });
  desk.events.receive({ type: 'open-conversation', conversationId: 'c2' });
  expect(desk.sent).toEqual([{ type: 'set-status', conversationId: 'c1', status: 'resolved' }]);
  expect(desk.chosen).toEqual(['away']);
  expect(desk.opened).toEqual(['c2']);
});

test('the menu opens what it names', () => {
  const { events } = setUp();
  events.receive({ type: 'menu', command: 'shortcuts' });
  expect(useUi.getState().dialog).toBe('shortcuts');
  events.receive({ type: 'menu', command: 'new-conversation' });
  expect(useUi.getState().dialog).toBe('new-conversation');
});

test('after the agent has left, nothing is done in his name', () => {
  const { events, sent, stop } = setUp();
  stop();
  events.receive({ type: 'reply', conversationId: 'c1', text: 'too late' });
  expect(sent).toEqual([]);
});
