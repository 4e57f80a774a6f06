import { useEffect, useState } from 'react';

/** Whole seconds left until `untilMs`, counting down. */
export function useSecondsLeft(untilMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  const waiting = untilMs > now;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [waiting]);
  useEffect(() => setNow(Date.now()), []);
  return Math.max(0, Math.ceil((untilMs - now) / 1000));
}
