import { useEffect } from 'react';
import { useConversations, useOwnPresence } from '../desk/hooks.ts';
import type { ConversationRow, Desk } from '../desk/types.ts';
import { platform } from '../platform/platform.ts';
import { onShellEvent } from '../platform/shell-events.ts';
import { useDesk } from '../session/desk-context.ts';
import { useUi } from '../stores/ui.ts';
import { noticeBoard } from './start-notices.ts';

const isWaiting = ({ conversation }: ConversationRow) => conversation.waitingSince !== null;

/** Conversations that wait for an answer this agent could give: his own and nobody's. */
export function useWaitingCount(): number {
  const mine = useConversations('mine');
  const unassigned = useConversations('unassigned');
  return [...(mine ?? []), ...(unassigned ?? [])].filter(isWaiting).length;
}

/** What notices, tray and menu of the desktop app ask the desk to do. Returns what ends it. */
function followShell(desk: Desk): () => void {
  const { openConversation, startConversation, showDialog } = useUi.getState();
  const stops = [
    onShellEvent('open-conversation', ({ conversationId }) => openConversation(conversationId)),
    onShellEvent('presence', ({ presence }) => desk.setPresence(presence)),
    onShellEvent('resolve', ({ conversationId }) => {
      void desk.send({ type: 'set-status', conversationId, status: 'resolved' });
    }),
    onShellEvent('reply', ({ conversationId, text }) => {
      if (text.trim() === '') return;
      const seenMessageId = noticeBoard.findLastRead(conversationId);
      void desk.send({ type: 'reply', conversationId, text, seenMessageId });
    }),
    onShellEvent('menu', ({ command }) => {
      if (command === 'new-conversation') startConversation(null);
      else if (command === 'shortcuts' || command === 'log-out') showDialog(command);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Joins the signed-in desk and the desktop app around it; in a browser nothing happens. */
export function useShell(): void {
  const desk = useDesk();
  const presence = useOwnPresence();
  const waiting = useWaitingCount();
  useEffect(() => followShell(desk), [desk]);
  useEffect(() => void platform.bridge?.shell.setPresence(presence), [presence]);
  useEffect(() => void platform.bridge?.shell.setBadge(waiting), [waiting]);
  useEffect(() => () => void platform.bridge?.shell.setBadge(0), []);
}
