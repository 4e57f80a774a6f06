import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { ThreadMessage } from '../../desk/types.ts';
import { isSameDay } from '../../i18n/format.ts';

export type Rating = NonNullable<Conversation['satisfaction']>;

export type TimelineItem =
  | { kind: 'day'; id: string; at: number }
  | { kind: 'message'; message: ThreadMessage; continues: boolean; told: boolean }
  | { kind: 'rating'; id: string; at: number; rating: Rating };

interface TimelineOptions {
  /** A chat is many short messages: those of one author in a row are shown as one. */
  chat: boolean;
  rating: Rating | null;
}

/** What somebody writes within this time belongs together. */
const TOGETHER_MS = 5 * 60_000;

const isLine = (message: ThreadMessage) => message.kind === 'event' || message.authorType === 'system';

/** Whether a message needs no heading of its own below the one before it. */
function isContinued(before: ThreadMessage, message: ThreadMessage): boolean {
  return (
    !isLine(before) &&
    !isLine(message) &&
    before.kind === message.kind &&
    before.direction === message.direction &&
    before.authorType === message.authorType &&
    before.authorId === message.authorId &&
    message.urgency === 'normal' &&
    message.edits.length === 0 &&
    message.sentAt - before.sentAt < TOGETHER_MS
  );
}

/**
 * The messages with a heading before the first one of each day, and the customer's rating where it was given.
 *
 * `continues`: written by the author of the message above, right after it. `told`: its state is the one the next message,
 * which continues it, tells as well.
 */
export function toTimeline(messages: readonly ThreadMessage[], { chat, rating }: TimelineOptions): TimelineItem[] {
  const items: TimelineItem[] = [];
  let previousAt: number | null = null;
  let last: Extract<TimelineItem, { kind: 'message' }> | null = null;
  let toRate = rating;

  function openDay(id: string, at: number): void {
    if (previousAt === null || !isSameDay(previousAt, at)) {
      items.push({ kind: 'day', id: `day-${id}`, at });
      last = null;
    }
    previousAt = at;
  }

  function rate(): void {
    if (!toRate) return;
    openDay('rating', toRate.at);
    items.push({ kind: 'rating', id: 'rating', at: toRate.at, rating: toRate });
    toRate = null;
    last = null;
  }

  for (const message of messages) {
    if (toRate && toRate.at < message.sentAt) {
      // Rated before the oldest message shown: it stands further up, with those not shown yet.
      if (previousAt === null) toRate = null;
      else rate();
    }
    openDay(message.id, message.sentAt);
    const continues: boolean = chat && last !== null && isContinued(last.message, message);
    if (last && continues) last.told = last.message.status === message.status;
    last = { kind: 'message', message, continues, told: false };
    items.push(last);
  }
  if (messages.length > 0) rate();
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
