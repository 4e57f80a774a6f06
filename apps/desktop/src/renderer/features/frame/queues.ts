import { AlarmClock, CircleCheck, CircleDashed, CircleDot, Layers, UserRound, UserRoundX } from 'lucide-react';
import type { QueueId } from '../../desk/types.ts';

export const queueIcons: Readonly<Record<QueueId, typeof Layers>> = {
  mine: UserRound,
  unassigned: UserRoundX,
  pending: CircleDashed,
  open: CircleDot,
  snoozed: AlarmClock,
  resolved: CircleCheck,
  all: Layers,
};
