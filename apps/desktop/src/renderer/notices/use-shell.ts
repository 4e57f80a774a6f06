import { useEffect } from 'react';
import { useConversations, useOwnPresence } from '../desk/hooks.ts';
import type { ConversationRow } from '../desk/types.ts';
import { platform } from '../platform/platform.ts';
import { onShellEvent } from '../platform/shell-events.ts';
import { useDesk } from '../session/desk-context.ts';
import { followShell } from './follow-shell.ts';
import { noticeBoard, openFromNotice } from './start-notices.ts';

const isWaiting = ({ conversation }: ConversationRow) => conversation.waitingSince !== null;

/** Conversations that wait for an answer this agent could give: his own and nobody's. */
function useWaitingCount(): number {
  const mine = useConversations('mine');
  const unassigned = useConversations('unassigned');
  return [...(mine ?? []), ...(unassigned ?? [])].filter(isWaiting).length;
}

/** Joins the signed-in desk and the desktop app around it; in a browser nothing happens. */
export function useShell(): void {
  const desk = useDesk();
  const presence = useOwnPresence();
  const waiting = useWaitingCount();
  useEffect(() => followShell({ desk, board: noticeBoard, on: onShellEvent, open: openFromNotice }), [desk]);
  useEffect(() => void platform.bridge?.shell.setPresence(presence), [presence]);
  useEffect(() => void platform.bridge?.shell.setBadge(waiting), [waiting]);
  useEffect(() => () => void platform.bridge?.shell.setBadge(0), []);
}
