import type { ChatConversation, ChatMessage } from '@tradewind/shared/chat/wire';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import { type ChatLogRow, readChatConversations, readChatLog, readSeen, type VisitorRef } from '../db/queries/chat.ts';
import type { ChangeBus } from '../replication/change-log.ts';
import { readHead } from '../replication/changes-page.ts';
import { type FileUrl, toChatConversation, toChatMessage } from './present.ts';

export type ChatNews =
  | { event: 'messages'; payload: { messages: ChatMessage[]; cursor: number } }
  | { event: 'conversation'; payload: ChatConversation }
  | { event: 'seen'; payload: { order: number } };

export interface ChatFeedDeps {
  db: Db;
  bus: ChangeBus;
  log: Logger;
  fileUrl: FileUrl;
  asksRating(accountId: string): boolean;
  /** Hands news to every widget of a visitor that is connected here. */
  deliver(visitor: VisitorRef, news: ChatNews): void;
}

interface Watched extends VisitorRef {
  /** Widgets of his that are connected here. */
  widgets: number;
  /** As it was last told; null when nothing was. */
  conversation: ChatConversation | null;
}

// Hints of other nodes do not reach us, and ours may be lost: looking costs one probe of an index.
const LOOK_MS = 1_000;
const MAX_ROWS_PER_ROUND = 1_000;

/**
 * Hands visitors what changed in their own conversations. Reads the change log behind a cursor of its own, and only while
 * somebody is connected: a widget reads its history after it has been welcomed, so that nothing falls between.
 */
export class ChatFeed {
  readonly #deps: ChatFeedDeps;
  readonly #watched = new Map<string, Watched>();
  /** Visitors who may believe something that is not true any more. */
  readonly #unsure = new Set<Watched>();
  #cursor: number | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #looksForSeen = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #hear = () => this.#wake();

  constructor(deps: ChatFeedDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#deps.bus.on('head', this.#hear);
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#deps.bus.off('head', this.#hear);
    await this.#looking;
  }

  /** From now on, what is written for this visitor is delivered. Call `unwatch` once for each call. */
  async watch({ accountId, visitorId }: VisitorRef): Promise<void> {
    const known = this.#watched.get(keyOf({ accountId, visitorId }));
    if (known) known.widgets += 1;
    else this.#watched.set(keyOf({ accountId, visitorId }), { accountId, visitorId, widgets: 1, conversation: null });
    if (this.#cursor === null) {
      const head = await readHead(this.#deps.db);
      // Who has gone meanwhile leaves none behind: the next one would begin there, at everything written since.
      if (this.#watched.size > 0) this.#cursor ??= head;
    }
  }

  unwatch(visitor: VisitorRef): void {
    const known = this.#watched.get(keyOf(visitor));
    if (known && --known.widgets <= 0) {
      this.#watched.delete(keyOf(visitor));
      this.#unsure.delete(known);
    }
    if (this.#watched.size === 0) this.#cursor = null;
  }

  /** The conversation a connected visitor is in, as far as he was told; null when nothing is known of one. */
  conversationOf(visitor: VisitorRef): string | null {
    return this.#watched.get(keyOf(visitor))?.conversation?.id ?? null;
  }

  /**
   * What a widget finds in its history need not be told again. News may have overtaken the history on its way: so we look
   * once more, and tell what is different.
   */
  noteConversation(visitor: VisitorRef, conversation: ChatConversation): void {
    const known = this.#watched.get(keyOf(visitor));
    if (!known) return;
    known.conversation = conversation;
    this.#unsure.add(known);
    this.#wake();
  }

  /** Looks soon, also for what the change log does not tell. */
  look(): void {
    this.#looksForSeen = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#watched.size === 0) return;
    this.#again = true;
    this.#looking ??= this.#lookUntilDone().finally(() => {
      this.#looking = null;
    });
  }

  async #lookUntilDone(): Promise<void> {
    try {
      while (this.#again && this.#watched.size > 0) {
        this.#again = false;
        await this.#tellChanges();
        await this.#tellUnsure();
        if (this.#looksForSeen) await this.#tellSeen();
      }
    } catch (error) {
      this.#deps.log.warn({ event: 'chat.feed-waits', err: error }, 'visitors wait until the database answers');
    }
  }

  async #tellChanges(): Promise<void> {
    const from = this.#cursor;
    const { db } = this.#deps;
    if (from === null) return;
    const head = await readHead(db);
    if (head <= from) {
      // Behind us after a restore: what is written from now on counts.
      if (this.#cursor === from) this.#cursor = head;
      return;
    }
    const accountIds = [...new Set([...this.#watched.values()].map((one) => one.accountId))];
    const rows = await readChatLog(db, accountIds, from, head, MAX_ROWS_PER_ROUND);
    const last = rows.at(-1);
    const full = rows.length === MAX_ROWS_PER_ROUND && last !== undefined;
    const cursor = full ? last.seq : head;
    const touched = this.#tellMessages(rows, cursor);
    await this.#tellConversations(touched);
    // Only now: when something above fails, the same rows are read again, and messages are known by their ids.
    if (this.#cursor === from) this.#cursor = cursor;
    if (full) this.#again = true;
  }

  /** @returns the visitors in whose conversations something changed. */
  #tellMessages(rows: readonly ChatLogRow[], cursor: number): Watched[] {
    const messages = new Map<Watched, ChatMessage[]>();
    for (const { message: doc, ...row } of rows) {
      const visitor = this.#watched.get(keyOf(row));
      if (!visitor) continue;
      const known = messages.get(visitor) ?? [];
      if (doc) known.push(toChatMessage({ ...row, doc }, this.#deps.fileUrl));
      messages.set(visitor, known);
    }
    for (const [visitor, list] of messages) {
      if (list.length > 0) this.#deps.deliver(visitor, { event: 'messages', payload: { messages: list, cursor } });
    }
    return [...messages.keys()];
  }

  async #tellConversations(visitors: readonly Watched[]): Promise<void> {
    for (const row of await readChatConversations(this.#deps.db, visitors)) {
      const visitor = this.#watched.get(keyOf(row));
      if (visitor) this.#tellConversation(visitor, toChatConversation(row, this.#deps.asksRating(row.accountId)));
    }
  }

  async #tellUnsure(): Promise<void> {
    const visitors = [...this.#unsure];
    this.#unsure.clear();
    try {
      await this.#tellConversations(visitors);
    } catch (error) {
      for (const visitor of visitors) this.#unsure.add(visitor); // told when the database answers again
      throw error;
    }
  }

  #tellConversation(visitor: Watched, next: ChatConversation): void {
    const before = visitor.conversation;
    visitor.conversation = next;
    const { seenOrder, ...state } = next;
    const { seenOrder: seenBefore, ...stateBefore } = before ?? { ...next, seenOrder: 0, state: 'none' };
    if (JSON.stringify(state) !== JSON.stringify(stateBefore)) {
      this.#deps.deliver(visitor, { event: 'conversation', payload: next });
    }
    if (seenOrder > seenBefore) this.#deps.deliver(visitor, { event: 'seen', payload: { order: seenOrder } });
  }

  /** What agents have had on screen is not in the change log. */
  async #tellSeen(): Promise<void> {
    this.#looksForSeen = false;
    const visitors = [...this.#watched.values()].filter((one) => one.conversation?.id);
    const ids = visitors.map((one) => one.conversation?.id ?? '');
    const seen = await readSeen(this.#deps.db, ids);
    for (const visitor of visitors) {
      const { conversation } = visitor;
      const order = conversation?.id ? (seen.get(conversation.id) ?? 0) : 0;
      if (conversation && order > conversation.seenOrder) {
        this.#tellConversation(visitor, { ...conversation, seenOrder: order });
      }
    }
  }
}

function keyOf({ accountId, visitorId }: VisitorRef): string {
  return `${accountId}\n${visitorId}`;
}
