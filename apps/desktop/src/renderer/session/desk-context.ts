import { createContext, useContext } from 'react';
import type { Desk } from '../desk/types.ts';

export const DeskContext = createContext<Desk | null>(null);

/** The signed-in agent's desk. @throws outside the frame of a signed-in agent. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk needs a signed-in agent');
  return desk;
}
