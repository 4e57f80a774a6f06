import { useEffect } from 'react';
import { useDesk } from '../../session/desk-context.ts';

/** Tells colleagues that this conversation is before the agent, for as long as somebody can see the window. */
export function useAttendance(conversationId: string): void {
  const desk = useDesk();
  useEffect(() => {
    const look = () => desk.look(document.visibilityState === 'hidden' ? null : conversationId);
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      desk.look(null);
    };
  }, [desk, conversationId]);
}
