import type { ChatConversation, ChatHistory, ChatMessage, ChatMessages } from '@tradewind/shared/chat/wire';

/** What this page knows of the conversation. */
export interface Talk {
  /** In the order of display; complete from the first one on. */
  messages: readonly ChatMessage[];
  conversation: ChatConversation;
  /** Null until the desk was asked. */
  cursor: number | null;
  hasOlder: boolean;
}

/** `order` of what the desk has accepted and not shown yet: after everything it has shown, never "seen". */
export const UNPLACED = Number.MAX_SAFE_INTEGER;

export const noTalk: Talk = {
  messages: [],
  conversation: { id: null, state: 'none', askRating: false, seenOrder: 0 },
  cursor: null,
  hasOlder: false,
};

const compare = (a: ChatMessage, b: ChatMessage) => a.at - b.at || a.order - b.order;

function merge(known: readonly ChatMessage[], news: readonly ChatMessage[]): ChatMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of news) byId.set(message.id, message);
  return [...byId.values()].sort(compare);
}

/**
 * The newest page, in place of everything known but what was accepted a moment ago. A desk that was set back to an earlier
 * state has lost that too.
 */
export function replaceByPage(talk: Talk, page: ChatHistory): Talk {
  const setBack = talk.cursor !== null && page.cursor < talk.cursor;
  const unplaced = setBack ? [] : talk.messages.filter((message) => message.order === UNPLACED);
  return {
    messages: merge(unplaced, page.messages),
    conversation: page.conversation,
    cursor: page.cursor,
    hasOlder: page.hasOlder,
  };
}

/** Messages that are new or changed. A change of one older than what is loaded waits until it is loaded. */
export function addMessages(talk: Talk, { messages, cursor }: ChatMessages): Talk {
  const [first] = talk.messages;
  const news = messages.filter((message) => !talk.hasOlder || first === undefined || compare(message, first) >= 0);
  return { ...talk, messages: merge(talk.messages, news), cursor: Math.max(talk.cursor ?? 0, cursor) };
}

export function addOlder(talk: Talk, page: ChatHistory): Talk {
  return { ...talk, messages: merge(page.messages, talk.messages), hasOlder: page.hasOlder };
}

export function setSeen(talk: Talk, order: number): Talk {
  const seenOrder = Math.max(talk.conversation.seenOrder, order);
  return { ...talk, conversation: { ...talk.conversation, seenOrder } };
}

/** What the desk accepted is part of the talk from then on, until its own form of it comes. */
export function addAccepted(talk: Talk, message: ChatMessage): Talk {
  if (talk.messages.some(({ id }) => id === message.id)) return talk;
  return { ...talk, messages: merge(talk.messages, [message]) };
}

export const isAnswer = (message: ChatMessage) => message.author === 'agent' || message.author === 'bot';

/** Answers after the one read last, by `order`. */
export function countUnread(talk: Talk, readOrder: number): number {
  return talk.messages.filter((message) => isAnswer(message) && !message.recalled && message.order > readOrder).length;
}
