import { useEffect, useMemo } from 'react';
import { useDesk } from '../../session/desk-context.ts';
import { TypingSignal } from './typing-signal.ts';

/**
 * Tells the visitor of a chat that his answer is being written.
 *
 * @param enabled - false for notes, which he must not notice, and for mail, where nobody waits at the other end.
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
      if (enabled) signal.touch();
    },
    stop: () => signal.stop(),
  };
}
