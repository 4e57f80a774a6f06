import type { ThreadMessage } from '../../desk/types.ts';
import { isSameDay } from '../../i18n/format.ts';

export type TimelineItem = { kind: 'day'; id: string; at: number } | { kind: 'message'; message: ThreadMessage };

/** The messages with a heading before the first one of each day. */
export function toTimeline(messages: readonly ThreadMessage[]): TimelineItem[] {
  const items: TimelineItem[] = [];
  let previousAt: number | null = null;
  for (const message of messages) {
    if (previousAt === null || !isSameDay(previousAt, message.sentAt)) {
      items.push({ kind: 'day', id: `day-${message.id}`, at: message.sentAt });
    }
    items.push({ kind: 'message', message });
    previousAt = message.sentAt;
  }
  return items;
}

/** How many messages came after the one with this id; all of them when it is not there. */
export function countAfter(messages: readonly ThreadMessage[], id: string | null): number {
  if (id === null) return messages.length;
  for (let index = messages.length - 1; index >= 0; index--) {
    if (messages[index]?.id === id) return messages.length - 1 - index;
  }
  return 0;
}
