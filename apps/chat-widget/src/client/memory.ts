import type { ChatMessage } from '@tradewind/shared/chat/wire';
import { readJson, type Store } from '../common/store.ts';
import type { Reported } from './receipts.ts';
import { noTalk, type Talk, UNPLACED } from './talk.ts';

const TALK = 'messages';
const READ = 'read';
const DRAFT = 'draft';
const ASKED = 'asked';
const RATED = 'rated/';
const REPORTED = 'reported';
const MOST_KEPT = 50;
/** The page's own storage has a few megabytes for everything; this is a copy that can be had again. */
const MOST_KEPT_CHARACTERS = 100_000;

/** What one visitor's browser remembers beside the outbox, and in which form. */
export interface Memory {
  talk(): Talk;
  keepTalk(talk: Talk): void;
  readOrder(): number;
  setReadOrder(order: number): void;
  /** Shared by the tabs, so that one of them reports. */
  reported(): Reported;
  setReported(reported: Reported): void;
  draft(): string;
  setDraft(text: string): void;
  /** The pre-chat form was filled in or passed over. */
  asked(): boolean;
  setAsked(asked: boolean): void;
  rated(conversationId: string): boolean;
  setRated(conversationId: string): void;
}

/**
 * @param keepsMessages - a copy of the newest messages, so that they are there before the desk is. Not for people who
 *   logged in: they may leave a shared browser without telling the chat.
 */
export function createMemory(store: Store, keepsMessages: boolean): Memory {
  return {
    talk() {
      const kept = readJson<Pick<Talk, 'messages' | 'conversation'>>(store, TALK);
      return Array.isArray(kept?.messages) ? { ...noTalk, ...kept } : noTalk;
    },
    keepTalk({ messages, conversation }) {
      if (!keepsMessages) return;
      const placed = messages.filter((message: ChatMessage) => message.order !== UNPLACED).slice(-MOST_KEPT);
      let text = JSON.stringify({ messages: placed, conversation });
      while (text.length > MOST_KEPT_CHARACTERS && placed.length > 0) {
        placed.splice(0, Math.ceil(placed.length / 2));
        text = JSON.stringify({ messages: placed, conversation });
      }
      if (placed.length === 0) store.remove(TALK);
      else store.set(TALK, text);
    },
    readOrder: () => Number(store.get(READ) ?? 0),
    setReadOrder: (order) => store.set(READ, String(order)),
    reported: () => readJson<Reported>(store, REPORTED) ?? { delivered: 0, read: 0 },
    setReported: (reported) => store.set(REPORTED, JSON.stringify(reported)),
    draft: () => store.get(DRAFT) ?? '',
    setDraft: (text) => (text === '' ? store.remove(DRAFT) : store.set(DRAFT, text)),
    asked: () => store.get(ASKED) !== null,
    setAsked: (asked) => (asked ? store.set(ASKED, '1') : store.remove(ASKED)),
    rated: (conversationId) => store.get(RATED + conversationId) !== null,
    setRated: (conversationId) => store.set(RATED + conversationId, '1'),
  };
}

export const MEMORY_KEYS = { draft: DRAFT, read: READ } as const;
