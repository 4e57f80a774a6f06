import { type RefObject, useEffect, useState } from 'react';
import { useFocused } from '../../components/use-focused.ts';
import { useConnection } from '../../desk/hooks.ts';
import type { ThreadMessage } from '../../desk/types.ts';
import { useDesk } from '../../session/desk-context.ts';

/** The newest message of the customer, whose having been read he may be told. */
function findNewestInbound(messages: readonly ThreadMessage[]): ThreadMessage | undefined {
  return messages.findLast((message) => message.direction === 'in' && message.authorType === 'customer');
}

/** True once any part of the message has been in the scroller's sight. */
function usePainted(scroller: RefObject<HTMLElement | null>, messageId: string | null): boolean {
  const [paintedId, setPaintedId] = useState<string | null>(null);
  useEffect(() => {
    const element = messageId && scroller.current?.querySelector(`[data-message-id="${CSS.escape(messageId)}"]`);
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setPaintedId(messageId);
      },
      { root: scroller.current },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, messageId]);
  return messageId !== null && paintedId === messageId;
}

/**
 * Tells the visitor of a chat that his newest message was seen: it was in sight, in a window somebody works in. Said
 * again after a reconnection, because a word said without a connection is lost.
 */
export function useSeen(
  conversationId: string,
  messages: readonly ThreadMessage[],
  scroller: RefObject<HTMLElement | null>,
  enabled: boolean,
): void {
  const desk = useDesk();
  const focused = useFocused();
  const online = useConnection().kind === 'online';
  const newestId = (enabled && findNewestInbound(messages)?.id) || null;
  const painted = usePainted(scroller, newestId);
  useEffect(() => {
    if (newestId !== null && painted && focused && online) desk.saySeen(conversationId, newestId);
  }, [desk, conversationId, newestId, painted, focused, online]);
}
