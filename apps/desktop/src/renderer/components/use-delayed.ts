import { useEffect, useState } from 'react';

/** True once `active` has lasted `delayMs`: what is quick shows nothing, what is slow shows a skeleton. */
export function useDelayed(active: boolean, delayMs = 300): boolean {
  const [due, setDue] = useState(false);
  useEffect(() => {
    if (!active) {
      setDue(false);
      return;
    }
    const timer = setTimeout(() => setDue(true), delayMs);
    return () => clearTimeout(timer);
  }, [active, delayMs]);
  return active && due;
}
