import { mediumOf } from '@tradewind/shared/channels';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

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
  const weigh = ({ conversation: { status, subject }, messages }: Thread) =>
    toFraction([subject, ...messages.slice(0, 4).map(({ text }) => text)].join('\n')) +
    (status === 'resolved' ? 0.6 : status === 'snoozed' ? 0.3 : 0);
  return threads.toSorted((left, right) => weigh(left) - weigh(right));
}

/** How long ago the newest message of the conversation at this place in the list came: 3 minutes, then hours, then days. */
function toAgeMs(place: number): number {
  return Math.round((3 + 1.3 * place ** 1.8) * MINUTE_MS);
}

const isFromCustomer = ({ direction }: Message): boolean => direction === 'in';

/** How long a message took to come after the one before it. */
function toGapMs(message: Message, previous: Message | undefined, index: number, isChat: boolean): number {
  const fraction = toFraction(`${message.text} ${index}`);
  if (isChat) return toChatGapMs(message, previous, fraction);
  if (message.kind === 'note') return Math.round((2 + fraction * 8) * MINUTE_MS);
  // A customer takes hours to write again, an agent minutes to answer.
  return Math.round((isFromCustomer(message) ? 25 + fraction * 240 : 4 + fraction * 40) * MINUTE_MS);
}

/** People chat as fast as they read and type; the first answer is the one that is waited for. */
function toChatGapMs(message: Message, previous: Message | undefined, fraction: number): number {
  const typingMs = Math.min(90, message.text.length / 4) * SECOND_MS;
  if (previous && isFromCustomer(previous) === isFromCustomer(message))
    return Math.round((3 + fraction * 14) * SECOND_MS + typingMs);
  const isFirstAnswer = previous?.replyTo === null && message.direction === 'out' && fraction < 0.25;
  return Math.round((6 + fraction * (isFirstAnswer ? 400 : 55)) * SECOND_MS + typingMs);
}

const GREETING = /^(good morning|早上好|早安|早！)/i;

/** Whoever wishes a good morning begins a new day; the answer to it does not. */
function beginsDay(message: Message, previous: Message | undefined): boolean {
  return previous !== undefined && GREETING.test(message.text) && !GREETING.test(previous.text);
}

/** An hour of the day in the time zone of this machine, where the demo is looked at. */
function atHour(dayOf: number, hour: number): number {
  const date = new Date(dayOf);
  date.setHours(0, Math.round(hour * 60), 0, 0);
  return date.getTime();
}

const [NIGHT_BEGINS, NIGHT_ENDS, MORNING_ENDS] = [22, 7, 11];
// What has just happened has happened, whatever the hour is.
const ALWAYS_AWAKE_MS = 3 * HOUR_MS;

/** At night nobody writes: what would lie there came in the evening before. */
function awake(at: number, nowMs: number, fraction: number): number {
  const hour = new Date(at).getHours();
  if (nowMs - at < ALWAYS_AWAKE_MS || (hour >= NIGHT_ENDS && hour < NIGHT_BEGINS)) return at;
  const evening = hour < NIGHT_ENDS ? at - 24 * HOUR_MS : at;
  return atHour(evening, NIGHT_BEGINS) - Math.round((1 + fraction * 240) * MINUTE_MS);
}

/** The last morning up to this instant. */
function morningUpTo(at: number, fraction: number): number {
  const hour = new Date(at).getHours();
  if (hour >= NIGHT_ENDS && hour < MORNING_ENDS) return at;
  const morning = atHour(at, 8 + fraction * 2);
  return morning <= at ? morning : atHour(at - 24 * HOUR_MS, 8 + fraction * 2);
}

/** The times of the messages, from the newest back. */
function toTimes(messages: readonly Message[], newestAt: number, nowMs: number, isChat: boolean): number[] {
  const times: number[] = [];
  let at = newestAt;
  for (let index = messages.length - 1; index >= 0; index--) {
    const [message, previous] = [messages[index], messages[index - 1]];
    if (!message) break;
    const fraction = toFraction(message.text);
    const isMorning = beginsDay(message, previous);
    at = isMorning ? morningUpTo(at, fraction) : awake(at, nowMs, fraction);
    times.unshift(at);
    at = isMorning
      ? atHour(at - 24 * HOUR_MS, 16 + fraction * 5)
      : at - Math.max(SECOND_MS, toGapMs(message, previous, index, isChat));
  }
  return times;
}

/** The thread as if it had been written at a human pace, its newest message `place` steps down the list. */
export function spreadThread(thread: Thread, place: number, nowMs: number): Thread {
  const { conversation } = thread;
  const isChat = mediumOf(conversation.channelKind) === 'chat';
  const newestAt = awake(nowMs - toAgeMs(place), nowMs, toFraction(conversation.subject + place));
  const times = toTimes(thread.messages, newestAt, nowMs, isChat);
  const messages = thread.messages.map((message, index) => {
    const sentAt = times[index] ?? newestAt;
    return { ...message, sentAt, receivedAt: sentAt };
  });
  // The last of those that were written at one instant stands for it.
  const newTimes = new Map(thread.messages.map((message, index) => [message.sentAt, times[index] ?? newestAt]));
  const lastMessageAt = messages.at(-1)?.sentAt ?? newestAt;
  const firstReply = messages.find(({ direction, kind }) => direction === 'out' && kind !== 'note');
  const resolvedAt =
    conversation.resolvedAt === null ? null : Math.min(nowMs - MINUTE_MS, lastMessageAt + 2 * MINUTE_MS);
  const { satisfaction } = conversation;
  return {
    conversation: {
      ...conversation,
      createdAt: messages[0]?.sentAt ?? newestAt,
      lastMessageAt: newTimes.get(conversation.lastMessageAt) ?? lastMessageAt,
      waitingSince:
        conversation.waitingSince === null ? null : (newTimes.get(conversation.waitingSince) ?? lastMessageAt),
      firstRepliedAt: conversation.firstRepliedAt === null ? null : (firstReply?.sentAt ?? lastMessageAt),
      resolvedAt,
      ...(satisfaction
        ? { satisfaction: { ...satisfaction, at: (resolvedAt ?? lastMessageAt) + 40 * SECOND_MS } }
        : {}),
    },
    messages,
  };
}
