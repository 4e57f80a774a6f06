import { useEffect, useMemo } from 'react';
import { useDesk } from '../../session/desk-context.ts';
import { TypingSignal } from './typing-signal.ts';

/**
 * Tells colleagues that the agent writes here, and the visitor of a chat that his answer is being written.
 *
 * @param enabled - whether the visitor is told: not of notes, which he must not notice, nor by mail, where nobody waits at the
 *   other end.
 */
export function useTyping(conversationId: string, enabled: boolean): Pick<TypingSignal, 'touch' | 'stop'> {
  const desk = useDesk();
  const signal = useMemo(
    () =>
      new TypingSignal({
        say: (typing) => desk.sayTyping(conversationId, typing),
        now: () => performance.now(),
        schedule: (delayMs, run) => {
          const timer = setTimeout(run, delayMs);
          return () => clearTimeout(timer);
        },
      }),
    [desk, conversationId],
  );
  useEffect(() => {
    if (!enabled) signal.stop();
    return () => signal.stop();
  }, [signal, enabled]);
  return {
    touch: () => {
      desk.sayWriting(conversationId, true);
      if (enabled) signal.touch();
    },
    stop: () => {
      desk.sayWriting(conversationId, false);
      signal.stop();
    },
  };
}
