import { useEffect, useState } from 'react';
import { useConnection } from '../desk/hooks.ts';
import { daysUntilSealed } from '../desk/session.ts';
import { useDesk } from './desk-context.ts';

const LOOK_MS = 60_000;

/** Days this console may still go without a word from the server; looked at every minute, and when the connection changes. */
export function useDaysUntilSealed(): number {
  const { agent } = useDesk();
  const { kind } = useConnection();
  const [days, setDays] = useState(() => daysUntilSealed(agent.id));
  useEffect(() => {
    const look = () => setDays(kind === 'online' ? Infinity : daysUntilSealed(agent.id));
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [agent.id, kind]);
  return days;
}
