import type { ConversationStatus } from '@tradewind/shared/schemas/conversation';
import { AlarmClock, CircleCheck, CircleDashed, CircleDot } from 'lucide-react';

const ICONS = { pending: CircleDashed, open: CircleDot, snoozed: AlarmClock, resolved: CircleCheck } as const;
const COLOURS = {
  pending: 'var(--warn)',
  open: 'var(--accent)',
  snoozed: 'var(--info)',
  resolved: 'var(--ok)',
} as const;

/** A conversation's status as a sign; the word always stands beside it. */
export function StatusGlyph({ status, size = 16 }: { status: ConversationStatus; size?: number }) {
  const Icon = ICONS[status];
  return <Icon size={size} strokeWidth={1.75} color={COLOURS[status]} aria-hidden="true" />;
}
