import type { ChatMessage } from '@tradewind/shared/chat/wire';
import type { FailedReason, WaitingMessage } from './outbox.ts';
import { UNPLACED } from './talk.ts';

export type OwnState = 'waiting' | 'sending' | 'sent' | 'seen' | 'failed';

export interface DayItem {
  kind: 'day';
  key: string;
  at: number;
}
export interface MessageItem {
  kind: 'message';
  key: string;
  message: ChatMessage;
  /** First and last of a run by the same author: the name stands above the first, the time below the last. */
  first: boolean;
  last: boolean;
  /** Set on what the visitor wrote where there is something to say: on his newest one, and on what did not go out. */
  state: OwnState | null;
  failed: FailedReason | null;
}
export type TimelineItem = DayItem | MessageItem;

const SAME_RUN_MS = 5 * 60_000;

/**
 * @param waiting - not at the desk yet; stands below everything else, in the order it was written.
 * @param online - what waits is on its way.
 */
export function buildTimeline(
  messages: readonly ChatMessage[],
  waiting: readonly WaitingMessage[],
  seenOrder: number,
  online: boolean,
): TimelineItem[] {
  const known = new Set(messages.map(({ id }) => id));
  const own = waiting.filter(({ id }) => !known.has(id));
  const states = new Map(own.map((entry) => [entry.id, toWaitingState(entry, online)]));
  const failed = new Map(own.map((entry) => [entry.id, entry.failed]));
  const newest = messages.findLast(({ author }) => author === 'visitor');
  if (newest !== undefined) states.set(newest.id, newest.order <= seenOrder ? 'seen' : 'sent');

  const all = [...messages, ...own.map(toMessage)];
  return all.flatMap((message, index) => {
    const before = all[index - 1];
    const day = toDay(message.at);
    const newDay = before === undefined || toDay(before.at) !== day;
    const item: MessageItem = {
      kind: 'message',
      key: message.id,
      message,
      first: newDay || !isSameRun(before, message),
      last: !isSameRun(message, all[index + 1]),
      state: states.get(message.id) ?? null,
      failed: failed.get(message.id) ?? null,
    };
    return newDay ? [{ kind: 'day', key: `day of ${message.id}`, at: message.at }, item] : [item];
  });
}

function toWaitingState(entry: WaitingMessage, online: boolean): OwnState {
  if (entry.failed !== null) return 'failed';
  return online ? 'sending' : 'waiting';
}

function toMessage({ id, text, attachments, writtenAt }: WaitingMessage): ChatMessage {
  const rest = { conversationId: '', author: 'visitor', authorName: '', recalled: false } as const;
  return { ...rest, id, text, attachments, at: writtenAt, order: UNPLACED };
}

/** The day in the visitor's own zone. */
function toDay(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

function isSameRun(a: ChatMessage | undefined, b: ChatMessage | undefined): boolean {
  if (a === undefined || b === undefined || a.author !== b.author || a.authorName !== b.authorName) return false;
  return Math.abs(b.at - a.at) < SAME_RUN_MS && toDay(a.at) === toDay(b.at);
}
