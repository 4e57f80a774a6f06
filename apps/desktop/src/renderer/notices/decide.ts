import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { DeskEvent } from './events.ts';

/** After a silence as long as this, what comes is history: one notice says how much of it there is. */
export const SILENCE_MS = 10 * 60_000;
/** So many conversations at once are a flood, whenever they come. */
const FLOOD = 5;

export interface NoticeContext {
  agentId: string;
  /** Everything up to this place in the log was judged before, perhaps by another tab; null when nothing ever was. */
  judgedSeq: number | null;
  /** How long this device had heard nothing from the server before these events. */
  silentMs: number;
  /** Somebody works in a window of this desk. */
  focused: boolean;
  /** As the lists show it now; undefined where this agent may not see it (any more). */
  findConversation(id: string): Pick<Conversation, 'assigneeId'> | undefined;
  /** Conversations that this agent has given to himself, on this device or another. */
  takenByOneself: ReadonlySet<string>;
}

/** A notice to be shown. One per conversation, failed messages apart. */
export type NoticePlan =
  | { kind: 'event'; event: DeskEvent }
  /** `conversationId` is that of the newest event. */
  | { kind: 'summary'; messages: number; conversations: number; conversationId: string };

/** The more it asks of the agent, the more it says: of several events in a conversation the first of these is told. */
const WEIGHT = ['mention', 'assigned', 'message'] as const;

function concerns(event: DeskEvent, context: NoticeContext): boolean {
  const conversation = context.findConversation(event.conversationId);
  if (!conversation) return false;
  switch (event.kind) {
    case 'message':
      return conversation.assigneeId === null || conversation.assigneeId === context.agentId;
    case 'assigned':
      return conversation.assigneeId === context.agentId && !context.takenByOneself.has(event.conversationId);
    case 'mention':
    case 'failed':
      return true;
  }
}

/** The weightiest event of each conversation, the newest of equals, in the order in which conversations came up. */
function pickPerConversation(events: readonly DeskEvent[]): DeskEvent[] {
  const picked = new Map<string, DeskEvent>();
  const weigh = (event: DeskEvent) => WEIGHT.indexOf(event.kind as (typeof WEIGHT)[number]);
  for (const event of events) {
    const other = picked.get(event.conversationId);
    if (!other || weigh(event) <= weigh(other)) picked.set(event.conversationId, event);
  }
  return [...picked.values()];
}

/**
 * Decides what the agent is told of events that have just reached this device. Nobody is told what he sees happen, what
 * he did himself, what was judged before, or what a first filling of the device brings.
 */
export function decideNotices(events: readonly DeskEvent[], context: NoticeContext): NoticePlan[] {
  const { judgedSeq, focused, silentMs } = context;
  if (focused || judgedSeq === null) return [];
  const news = events
    .filter((event) => event.seq > judgedSeq && concerns(event, context))
    .toSorted((left, right) => left.seq - right.seq);
  const failed = news.filter((event) => event.kind === 'failed');
  const others = news.filter((event) => event.kind !== 'failed');
  const picked = pickPerConversation(others);
  const newest = others.at(-1);
  const plans: NoticePlan[] = failed.map((event) => ({ kind: 'event', event }));
  if (newest && picked.length > (silentMs > SILENCE_MS ? 1 : FLOOD)) {
    return [
      ...plans,
      {
        kind: 'summary',
        messages: others.filter((event) => event.kind === 'message').length,
        conversations: picked.length,
        conversationId: newest.conversationId,
      },
    ];
  }
  return [...plans, ...picked.map((event): NoticePlan => ({ kind: 'event', event }))];
}
