import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';

const MINUTE_MS = 60_000;

export interface Thread {
  conversation: Conversation;
  /** Oldest first. */
  messages: readonly Message[];
}

/** A number from 0 up to 1 that is always the same for the same text. */
function toFraction(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (hash >>> 0) / 2 ** 32;
}

/** Newest first, as a desk looks in the morning: the resolved ones mostly lie back, and the order is the same on every start. */
export function orderByAge(threads: readonly Thread[]): Thread[] {
  const weigh = ({ conversation: { participants, status, subject } }: Thread) =>
    toFraction(`${subject} ${participants.join()}`) + (status === 'resolved' ? 0.6 : status === 'snoozed' ? 0.3 : 0);
  return threads.toSorted((left, right) => weigh(left) - weigh(right));
}

/** How long ago the newest message of the conversation at this place in the list came: 3 minutes, then hours, then days. */
function toAgeMs(place: number): number {
  return Math.round((3 + 1.3 * place ** 1.9) * MINUTE_MS);
}

/** A customer takes hours to write again, an agent minutes to answer. */
function toGapMs(message: Message, index: number): number {
  const fraction = toFraction(`${message.text} ${index}`);
  const minutes =
    message.direction === 'in' ? 25 + fraction * 240 : message.kind === 'note' ? 2 + fraction * 8 : 4 + fraction * 40;
  return Math.round(minutes * MINUTE_MS);
}

/** The thread as if it had been written at a human pace, its newest message `place` steps down the list. */
export function spreadThread(thread: Thread, place: number, nowMs: number): Thread {
  const { conversation } = thread;
  const messages: Message[] = [];
  const newTimes = new Map<number, number>();
  let at = nowMs - toAgeMs(place);
  for (const [index, message] of [...thread.messages.entries()].reverse()) {
    if (!newTimes.has(message.sentAt)) newTimes.set(message.sentAt, at);
    messages.unshift({ ...message, sentAt: at, receivedAt: at });
    at -= toGapMs(message, index);
  }
  const lastMessageAt = messages.at(-1)?.sentAt ?? at;
  const firstAt = messages[0]?.sentAt ?? at;
  const firstReply = messages.find(({ direction, kind }) => direction === 'out' && kind !== 'note');
  return {
    conversation: {
      ...conversation,
      createdAt: firstAt,
      lastMessageAt: newTimes.get(conversation.lastMessageAt) ?? lastMessageAt,
      waitingSince:
        conversation.waitingSince === null ? null : (newTimes.get(conversation.waitingSince) ?? lastMessageAt),
      firstRepliedAt: conversation.firstRepliedAt === null ? null : (firstReply?.sentAt ?? lastMessageAt),
      resolvedAt: conversation.resolvedAt === null ? null : Math.min(nowMs, lastMessageAt + 2 * MINUTE_MS),
    },
    messages,
  };
}
