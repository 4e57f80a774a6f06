import type { CommandDoc } from '@tradewind/shared/protocol/commands';
import type { RxCollection } from 'rxdb';
import { z } from 'zod';
import type { ReplicaDocs, SyncPosition } from '../db/documents.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import type { ConversationRow } from '../desk/types.ts';
import type { ConnectionState } from '../replication/connection-state.ts';
import type { Schedule } from '../replication/transport.ts';
import { decideNotices, type NoticePlan } from './decide.ts';
import { type DeskEvent, fromConversation, fromMessage } from './events.ts';

/** Long enough for one commit's documents, and for the name of a new customer, to be here together. */
const SETTLE_MS = 400;
const TICK_MS = 30_000;
/** Timers of hidden windows run once a minute; a longer pause means that the device slept. */
const SLEPT_AFTER_MS = 120_000;

/** How far the log has been judged, and when; kept over reloads and shared by the tabs, so that nobody is told twice. */
export const judgedSchema = z.object({ seq: z.number(), at: z.number() });
export type Judged = z.infer<typeof judgedSchema>;

export interface NoticeFeedOptions {
  agentId: string;
  collections: Pick<CollectionsOf<ReplicaDocs>, 'messages' | 'conversations' | 'commands' | 'meta'>;
  findRow(conversationId: string): ConversationRow | undefined;
  connection(): ConnectionState;
  onConnection(listener: () => void): () => void;
  judged: { read(): Judged | null; write(judged: Judged): void };
  /** Whether somebody works in any window of this desk. */
  isFocused(): Promise<boolean>;
  now(): number;
  schedule: Schedule;
  show(plans: readonly NoticePlan[]): void;
}

interface RxChange<TDoc> {
  operation: 'INSERT' | 'UPDATE' | 'DELETE';
  documentData: TDoc;
  previousDocumentData?: TDoc;
}

/**
 * Watches what replication writes in the leading tab, and has it judged once the desk is at the head of the log: live
 * changes a moment after they came, what a reconnection brings all at once.
 */
export class NoticeFeed {
  readonly #options: NoticeFeedOptions;
  readonly #stops: (() => void)[];
  #events: DeskEvent[] = [];
  #takenByOneself = new Set<string>();
  #position: SyncPosition | null = null;
  /** The server was last known to have nothing more for us. */
  #contactAt: number;
  #tickedAt: number;
  #cancelJudging: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #closed = false;

  constructor(options: NoticeFeedOptions) {
    this.#options = options;
    const { agentId, collections, judged, now } = options;
    this.#contactAt = judged.read()?.at ?? now();
    this.#tickedAt = now();
    this.#stops = [
      watch(collections.messages, (doc, before) => this.#gather(fromMessage(doc, before, agentId))),
      watch(collections.conversations, (doc, before) => this.#gather(fromConversation(doc, before, agentId))),
      watch(collections.commands, (doc) => this.#gatherCommand(doc)),
      watch(collections.meta, (doc) => {
        this.#position = doc;
        this.#judgeSoon();
      }),
      options.onConnection(() => this.#judgeSoon()),
    ];
    this.#tick();
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    this.#cancelJudging?.();
    this.#cancelTick?.();
  }

  #gather(event: DeskEvent | null): void {
    if (event) this.#events.push(event);
  }

  #gatherCommand({ type, status, conversationId }: CommandDoc): void {
    const takes = type === 'assign' || type === 'start-conversation';
    if (takes && status === 'applied' && conversationId) this.#takenByOneself.add(conversationId);
  }

  #judgeSoon(): void {
    if (this.#closed || this.#cancelJudging) return;
    this.#cancelJudging = this.#options.schedule(SETTLE_MS, () => {
      this.#cancelJudging = null;
      void this.#judge();
    });
  }

  async #judge(): Promise<void> {
    const { agentId, connection, findRow, isFocused, judged, now, show } = this.#options;
    const focused = await isFocused();
    const position = this.#position;
    // In the middle of catching up it is not known yet how much there is.
    if (this.#closed || !position || position.renewing || connection().kind !== 'online') return;
    const events = this.#events;
    const takenByOneself = this.#takenByOneself;
    const silentMs = now() - this.#contactAt;
    this.#events = [];
    this.#takenByOneself = new Set();
    this.#contactAt = now();
    const plans = decideNotices(events, {
      agentId,
      judgedSeq: judged.read()?.seq ?? null,
      silentMs,
      focused,
      takenByOneself,
      findConversation: (id) => findRow(id)?.conversation,
    });
    judged.write({ seq: position.seq, at: now() });
    if (plans.length > 0) show(plans);
  }

  /** Keeps the time of the last contact while nothing happens; not in the first moment after a sleep. */
  #tick(): void {
    const { connection, judged, now, schedule } = this.#options;
    const awake = now() - this.#tickedAt < SLEPT_AFTER_MS;
    this.#tickedAt = now();
    if (awake && connection().kind === 'online') {
      this.#contactAt = now();
      const last = judged.read();
      if (last) judged.write({ ...last, at: now() });
    }
    this.#cancelTick = schedule(TICK_MS, () => this.#tick());
  }
}

/** @param accept - called with each document that came or changed, and with what was here before. */
function watch<TDoc>(collection: RxCollection<TDoc>, accept: (doc: TDoc, before: TDoc | undefined) => void) {
  const subscription = collection.eventBulks$.subscribe((bulk) => {
    for (const change of bulk.events as unknown as RxChange<TDoc>[]) {
      if (change.operation === 'DELETE') continue;
      accept(change.documentData, change.operation === 'UPDATE' ? change.previousDocumentData : undefined);
    }
  });
  return () => subscription.unsubscribe();
}
