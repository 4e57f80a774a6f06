import type { Desk } from '../desk/types.ts';
import type { ShellEvents } from '../platform/shell-events.ts';
import { useUi } from '../stores/ui.ts';
import type { NoticeBoard } from './notice-board.ts';

interface ShellListener {
  desk: Pick<Desk, 'send' | 'setPresence'>;
  board: Pick<NoticeBoard, 'findLastRead'>;
  on: ShellEvents['on'];
  open(conversationId: string): void;
}

/** Does what notices, tray and menu of the desktop app ask the desk for. Returns what ends it. */
export function followShell({ desk, board, on, open }: ShellListener): () => void {
  const stops = [
    on('open-conversation', ({ conversationId }) => open(conversationId)),
    on('presence', ({ presence }) => desk.setPresence(presence)),
    on('resolve', ({ conversationId }) => {
      void desk.send({ type: 'set-status', conversationId, status: 'resolved' });
    }),
    on('reply', ({ conversationId, text }) => {
      if (text.trim() === '') return;
      void desk.send({ type: 'reply', conversationId, text, seenMessageId: board.findLastRead(conversationId) });
    }),
    on('menu', ({ command }) => {
      const { startConversation, showDialog } = useUi.getState();
      if (command === 'new-conversation') startConversation(null);
      else if (command === 'shortcuts' || command === 'log-out') showDialog(command);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
