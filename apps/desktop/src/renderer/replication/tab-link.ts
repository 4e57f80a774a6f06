import { type ErasingReason, erasingReasonSchema } from '@tradewind/shared/protocol/erasing';
import {
  type LivePresent,
  liveAttentionSchema,
  livePresenceSchema,
  livePresentSchema,
  liveSeenSchema,
  liveTypingSchema,
  presenceSchema,
} from '@tradewind/shared/protocol/live';
import { z } from 'zod';
import type { ConnectionState } from './connection-state.ts';
import type { LiveWord, Presences } from './transport.ts';

/** What the leading tab knows and the others show. */
export interface LeaderStatus {
  connection: ConnectionState;
  /** Ids of commands on their way to the server. */
  inFlight: readonly string[];
  clockOffsetMs: number;
  /** Who is at the desk; null while nobody can tell. */
  presences: Presences | null;
  /** Conversations whose visitor is writing. */
  typing: readonly string[];
  /** What colleagues do in conversations. */
  present: readonly LivePresent[];
}

export interface TabLinkHandlers {
  onStatus(status: LeaderStatus): void;
  /** A tab that just opened asks how things are; the leader answers. */
  onHello(): void;
  /** Somebody pressed "try again", or the same agent logged in again in another tab. */
  onReconnect(): void;
  /** The agent logged out in another tab. */
  onLoggedOut(): void;
  /** What lies on this device of the agent is being erased by the tab that leads. */
  onErased(reason: ErasingReason): void;
  /** Another tab shows this conversation, of which messages may be missing. */
  onWant(conversationId: string): void;
  /** What another tab wants the server to know, which only the leader can tell it. */
  onSay(word: LiveWord): void;
}

const statusSchema = z.object({
  connection: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('starting') }),
    z.object({ kind: z.literal('syncing'), received: z.number() }),
    z.object({ kind: z.literal('online'), historyPercent: z.number().exactOptional() }),
    z.object({ kind: z.literal('offline'), sinceMs: z.number(), reason: z.string() }),
    z.object({ kind: z.literal('locked') }),
    z.object({ kind: z.literal('outdated') }),
  ]),
  inFlight: z.array(z.string()),
  clockOffsetMs: z.number(),
  presences: z.record(z.string(), presenceSchema).nullable().default(null),
  typing: z.array(z.string()).default([]),
  present: z.array(livePresentSchema).default([]),
});

const liveWordSchema = z.discriminatedUnion('word', [
  liveTypingSchema.extend({ word: z.literal('typing') }),
  liveSeenSchema.extend({ word: z.literal('seen') }),
  livePresenceSchema.extend({ word: z.literal('presence') }),
  liveAttentionSchema.extend({ word: z.literal('attention') }),
]);

/** Tabs of different versions may talk to each other for a while after an update. */
const wordSchema = z.discriminatedUnion('word', [
  z.object({ word: z.literal('status'), status: statusSchema }),
  z.object({ word: z.literal('hello') }),
  z.object({ word: z.literal('reconnect') }),
  z.object({ word: z.literal('logged-out') }),
  z.object({ word: z.literal('erased'), reason: erasingReasonSchema }),
  z.object({ word: z.literal('want'), conversationId: z.string() }),
  z.object({ word: z.literal('say'), live: liveWordSchema }),
]);
type Word = z.infer<typeof wordSchema>;

/** The few words tabs of one agent say to each other; documents and commands travel through the shared store. */
export class TabLink {
  readonly #channel: BroadcastChannel | null;

  /** @param name - null: there are no other tabs. */
  constructor(name: string | null, handlers: TabLinkHandlers) {
    this.#channel = name === null ? null : new BroadcastChannel(name);
    this.#channel?.addEventListener('message', (event) => {
      const { data: heard } = wordSchema.safeParse(event.data);
      if (heard?.word === 'status') handlers.onStatus(heard.status);
      else if (heard?.word === 'hello') handlers.onHello();
      else if (heard?.word === 'reconnect') handlers.onReconnect();
      else if (heard?.word === 'logged-out') handlers.onLoggedOut();
      else if (heard?.word === 'erased') handlers.onErased(heard.reason);
      else if (heard?.word === 'want') handlers.onWant(heard.conversationId);
      else if (heard?.word === 'say') handlers.onSay(heard.live);
    });
  }

  sayHello(): void {
    this.#say({ word: 'hello' });
  }

  sayStatus(status: LeaderStatus): void {
    this.#say({
      word: 'status',
      status: { ...status, inFlight: [...status.inFlight], typing: [...status.typing], present: [...status.present] },
    });
  }

  askReconnect(): void {
    this.#say({ word: 'reconnect' });
  }

  sayLoggedOut(): void {
    this.#say({ word: 'logged-out' });
  }

  sayErased(reason: ErasingReason): void {
    this.#say({ word: 'erased', reason });
  }

  want(conversationId: string): void {
    this.#say({ word: 'want', conversationId });
  }

  pass(live: LiveWord): void {
    this.#say({ word: 'say', live });
  }

  close(): void {
    this.#channel?.close();
  }

  #say(word: Word): void {
    this.#channel?.postMessage(word);
  }
}
