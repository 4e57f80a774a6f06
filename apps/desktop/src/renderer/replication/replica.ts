import {
  type AccessChanged,
  type Change,
  type CollectionName,
  decodeCheckpoint,
  type SnapshotItem,
  type SnapshotPage,
} from '@tradewind/shared/protocol/sync';
import { type PartProgress, POSITION_ID, type ReplicaDocs, type SyncPosition } from '../db/documents.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { type ConversationNews, closeGaps, noteGaps, without } from './conversation-gaps.ts';
import { ReplicaDocuments, type ServerCopy } from './replica-documents.ts';
import { allParts, isFirstPart, toPart, toScopeParts } from './snapshot-parts.ts';
import { byPart, byRepair, type IncomingDoc, type WriteOptions } from './write-changes.ts';

const startPosition: SyncPosition = {
  id: POSITION_ID,
  checkpoint: null,
  seq: 0,
  accessVersion: null,
  epoch: 1,
  renewing: false,
  caughtUp: false,
  clockOffsetMs: 0,
  parts: allParts,
  firstAsOf: null,
  wholeLog: false,
  erasing: [],
  partial: {},
  waiting: {},
  verifiedAt: null,
};

/** What a page or frame says beside its changes. */
export interface BatchPosition {
  checkpoint: string;
  accessVersion: number;
  clockOffsetMs: number;
  /** It came live, not as a page. */
  isFrame?: boolean;
}

/** Where the replica stood when something was asked for: an answer to what is no longer asked is not written. */
export interface PartRequest {
  part: string;
  cursor: string | null;
  epoch: number;
  accessVersion: number | null;
}

/** A range of `createdSeq` in one collection; `to` is exclusive. */
export interface DocumentRange {
  collection: CollectionName;
  from: number;
  to: number;
}

/** A part that is small enough to be written in one go. */
export type WholePart = Pick<SnapshotPage, 'asOf' | 'items' | 'accessVersion'>;

/**
 * The writing side of the local copy. One instance writes at a time (the leading tab); calls run one after another.
 * Documents are written first and the position after them, so that a crash in between only repeats work that changes
 * nothing the second time; what must not be forgotten about the documents is noted before they are written.
 */
export class Replica {
  readonly #collections: CollectionsOf<ReplicaDocs>;
  readonly #documents: ReplicaDocuments;
  #position: SyncPosition;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor(collections: CollectionsOf<ReplicaDocs>, position: SyncPosition) {
    this.#collections = collections;
    this.#documents = new ReplicaDocuments(collections);
    this.#position = position;
  }

  get position(): Readonly<SyncPosition> {
    return this.#position;
  }

  /** Calls after each move of the position, when it can be read here. */
  onMove(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get documents(): Pick<ReplicaDocuments, 'read'> {
    return this.#documents;
  }

  /** The part to be read next, if one has to be read before changes (`first`) or beside them (`later`). */
  nextPart(when: 'first' | 'later'): PartRequest | null {
    const { parts, epoch, accessVersion } = this.#position;
    const next = parts.find((part) => isFirstPart(part) === (when === 'first'));
    return next ? { part: next.part, cursor: next.cursor, epoch, accessVersion } : null;
  }

  /**
   * Applies one page or one live frame.
   *
   * @throws Error when the checkpoint cannot be read; nothing is written then.
   */
  applyChanges(changes: readonly Change[], { isFrame = false, ...batch }: BatchPosition): Promise<void> {
    return this.#inTurn(async () => {
      const { seq } = readCheckpoint(batch.checkpoint);
      // What the checkpoint has passed is here already: a page or frame that comes twice costs nothing.
      const incoming = this.#newestPerDocument(changes.filter((change) => change.seq > this.#position.seq));
      const news = readNews(incoming, isFrame);
      await this.#noteGaps(news);
      await this.#documents.write(incoming, { keepTombstones: this.#isFetching });
      await this.#dropGone(news.gone);
      await this.#savePosition({ ...this.#position, ...batch, seq, ...closeGaps(this.#position, news) });
    });
  }

  /** Applies one page of a part. An answer to a request of before a renewal or a change of access changes nothing. */
  applyPart(asked: PartRequest, page: SnapshotPage): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isCurrent(asked, page.accessVersion)) return;
      if (!this.#position.parts.some(({ part, cursor }) => part === asked.part && cursor === asked.cursor)) return;
      const { seq: asOfSeq } = readCheckpoint(page.asOf);
      await this.#noteBegun(page);
      // Before changes are pulled, nothing of this epoch can be gone.
      const lookFirst = this.#position.checkpoint !== null;
      const came = await this.#writeItems(page.items, { mayReplace: byPart(asOfSeq), lookFirst });
      const { waiting, firstAsOf } = this.#position;
      const parts = advance(this.#position.parts, asked.part, page);
      await this.#removeStaleAfter(parts);
      await this.#savePosition(
        pastFirstParts({
          ...this.#position,
          accessVersion: page.accessVersion,
          firstAsOf: firstAsOf ?? page.asOf,
          parts,
          waiting: without(waiting, (id) => came.has(id)),
        }),
      );
    });
  }

  /** The server cannot read the cursor any more: the part is read from its beginning. */
  restartPart(name: string): Promise<void> {
    return this.#inTurn(() => {
      const restart = (part: PartProgress) => (part.part === name ? { ...toPart(name), total: part.total } : part);
      return this.#savePosition({ ...this.#position, parts: this.#position.parts.map(restart) });
    });
  }

  /** The part cannot be had (any more); what it would have given comes by changes, or not at all. */
  skipPart(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const parts = this.#position.parts.filter(({ part }) => part !== name);
      await this.#removeStaleAfter(parts);
      await this.#savePosition({ ...this.#position, parts });
    });
  }

  /** The server has no parts: all there is comes by changes, from the beginning of the log. */
  readWholeLog(): Promise<void> {
    return this.#inTurn(() => this.#savePosition({ ...this.#position, parts: [], wholeLog: true }));
  }

  /**
   * Completes a conversation of which messages were missing.
   *
   * @param noticedSeq - the mark it had when it was asked for: one that came into sight again since is still partial.
   * @param whole - null when there is no such conversation for this agent.
   */
  applyConversation(id: string, noticedSeq: number, asked: PartRequest, whole: WholePart | null): Promise<void> {
    return this.#inTurn(async () => {
      if (asked.epoch !== this.#position.epoch || this.#position.partial[id] !== noticedSeq) return;
      if (whole) {
        if (!this.#isCurrent(asked, whole.accessVersion)) return;
        const { seq: asOfSeq } = readCheckpoint(whole.asOf);
        await this.#writeItems(whole.items, { mayReplace: byPart(asOfSeq), lookFirst: true });
        await this.#documents.keepMessages(id, toCopy(whole, asOfSeq, asked.epoch));
      }
      const { partial, waiting } = this.#position;
      const isDone = (other: string) => other === id;
      await this.#savePosition({
        ...this.#position,
        partial: without(partial, isDone),
        waiting: whole ? without(waiting, isDone) : waiting,
      });
    });
  }

  /** Makes a range of documents what the server says it is. */
  repairRange(range: DocumentRange, asked: PartRequest, whole: WholePart): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isCurrent(asked, whole.accessVersion)) return;
      const { seq: asOfSeq } = readCheckpoint(whole.asOf);
      await this.#writeItems(whole.items, { mayReplace: byRepair(asOfSeq), lookFirst: true });
      await this.#documents.keepInRange(range, toCopy(whole, asOfSeq, asked.epoch));
    });
  }

  noteVerified(verifiedAt: number): Promise<void> {
    return this.#inTurn(() => this.#savePosition({ ...this.#position, verifiedAt }));
  }

  /**
   * Begins a new copy, after a `resync` or when nobody can tell what a change of access means. What is here stays on the
   * screen until the new copy stands: open work until the head is reached, the history until the last part is here.
   */
  beginRenewal(): Promise<void> {
    return this.#inTurn(() => {
      const { epoch, clockOffsetMs } = this.#position;
      return this.#savePosition({ ...startPosition, clockOffsetMs, epoch: epoch + 1, renewing: true });
    });
  }

  /**
   * Erases what only lost scopes gave and asks for what gained ones give; everything else goes on from its checkpoint.
   * A copy that is not complete, or does not know by which scopes its documents are seen, begins anew.
   */
  async changeAccess({ lost, gained, accessVersion }: AccessChanged): Promise<void> {
    const { caughtUp, wholeLog, accessVersion: known } = this.#position;
    if (accessVersion === known) return;
    const isTold = lost.length + gained.length > 0 && ![...lost, ...gained].includes('all');
    if (!isTold || !caughtUp || wholeLog) return this.beginRenewal();
    await this.#inTurn(() => {
      const { parts, erasing } = this.#position;
      const kept = parts.filter(({ part }) => ![...lost, ...gained].some((scope) => part === `scope:${scope}`));
      return this.#savePosition({
        ...this.#position,
        accessVersion,
        erasing: [...erasing.filter((scope) => !gained.includes(scope)), ...lost],
        parts: [...toScopeParts(gained), ...kept],
      });
    });
    await this.finishErasing();
  }

  /** Erases what a change of access has left to be erased, perhaps before a crash. */
  finishErasing(): Promise<void> {
    return this.#inTurn(async () => {
      const { erasing, waiting } = this.#position;
      if (erasing.length === 0) return;
      const gone = new Set(await this.#documents.eraseScopes(new Set(erasing)));
      // Nobody knows by which scopes a message without its conversation is seen; the parts bring it again.
      await this.#documents.dropMessagesOf(Object.keys(waiting));
      const partial = without(this.#position.partial, (id) => gone.has(id));
      await this.#savePosition({ ...this.#position, erasing: [], waiting: {}, partial });
    });
  }

  /** Called at the head of the log: ends a renewal, and drops messages whose conversation has not come. */
  settleAtHead(): Promise<void> {
    return this.#inTurn(async () => {
      const { epoch, caughtUp, parts, waiting, partial } = this.#position;
      const isComplete = parts.length === 0;
      if (epoch > 1 && !caughtUp) {
        const isMissed = (conversationId: string) => conversationId in partial;
        await this.#documents.removeStale(epoch, isComplete ? 'all' : 'open-work', isMissed);
      }
      const orphans = isComplete ? Object.keys(waiting) : [];
      const held = await this.#documents.findHeld(orphans, epoch);
      await this.#documents.dropMessagesOf(orphans.filter((id) => !held.has(id)));
      if (caughtUp && orphans.length === 0) return;
      await this.#savePosition({
        ...this.#position,
        renewing: false,
        caughtUp: true,
        waiting: isComplete ? {} : waiting,
      });
    });
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#inTurn(async () => undefined);
    this.#documents.close();
  }

  #inTurn<TResult>(work: () => Promise<TResult>): Promise<TResult> {
    const result = this.#turn.then(work);
    // A failed turn is reported to its caller; the next one starts all the same.
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Something asked for earlier may still arrive: what is removed meanwhile must be remembered (rule (b)). */
  get #isFetching(): boolean {
    const { parts, partial } = this.#position;
    return parts.length > 0 || Object.keys(partial).length > 0;
  }

  /** With the last part here, what is left of earlier epochs is gone from the server. */
  async #removeStaleAfter(parts: readonly PartProgress[]): Promise<void> {
    const { epoch, caughtUp, partial } = this.#position;
    if (epoch === 1 || !caughtUp || parts.length > 0) return;
    await this.#documents.removeStale(epoch, 'all', (conversationId) => conversationId in partial);
  }

  #isCurrent({ epoch }: PartRequest, accessVersion: number): boolean {
    const { epoch: currentEpoch, accessVersion: known } = this.#position;
    return epoch === currentEpoch && (known === null || known === accessVersion);
  }

  #newestPerDocument(changes: readonly Change[]): Map<CollectionName, readonly IncomingDoc[]> {
    const { epoch } = this.#position;
    const byCollection = new Map<CollectionName, Map<string, IncomingDoc>>();
    for (const { collection, id, seq, createdSeq, scopes, since, doc, deleted, removed } of changes) {
      const ofCollection = byCollection.get(collection) ?? new Map<string, IncomingDoc>();
      byCollection.set(collection, ofCollection);
      if ((ofCollection.get(id)?.seq ?? 0) >= seq) continue;
      ofCollection.set(id, {
        id,
        seq,
        createdSeq,
        epoch,
        scopes,
        since,
        doc: deleted || removed ? null : (doc ?? null),
      });
    }
    return new Map([...byCollection].map(([name, incoming]) => [name, [...incoming.values()]]));
  }

  async #noteGaps(news: ConversationNews): Promise<void> {
    const { epoch, wholeLog, caughtUp } = this.#position;
    // The log from its beginning tells everything.
    if (wholeLog && !caughtUp) return;
    const held = await this.#documents.findHeld([...news.came.keys(), ...news.withMessages], epoch);
    const gaps = noteGaps(this.#position, news, held);
    if (gaps) await this.#savePosition({ ...this.#position, ...gaps });
  }

  /**
   * The conversation in which a page ends may go on on the next one, or nowhere: where the part is given up, or does not
   * hold it any more after a crash. So it is fetched by itself.
   */
  async #noteBegun({ items, nextCursor }: SnapshotPage): Promise<void> {
    const { partial, seq } = this.#position;
    const last = nextCursor === null ? undefined : items.at(-1);
    const id = last ? toConversation(last) : null;
    if (id === null || id in partial) return;
    await this.#savePosition({ ...this.#position, partial: { ...partial, [id]: seq } });
  }

  async #dropGone(gone: ReadonlySet<string>): Promise<void> {
    if (gone.size === 0) return;
    const held = await this.#documents.findHeld(gone, this.#position.epoch);
    await this.#documents.dropMessagesOf([...gone].filter((id) => !held.has(id)));
  }

  /**
   * Writes items of a part: messages last, and only those whose conversation is here and was not removed meanwhile.
   *
   * @returns the conversations among them.
   */
  async #writeItems(items: readonly SnapshotItem[], options: WriteOptions): Promise<ReadonlySet<string>> {
    const incoming = this.#newestPerDocument(items);
    const messages = incoming.get('message') ?? [];
    incoming.delete('message');
    await this.#documents.write(incoming, options);
    const held = await this.#documents.findHeld(new Set(messages.flatMap(toConversationId)), this.#position.epoch);
    const shown = messages.filter((message) => toConversationId(message).some((id) => held.has(id)));
    await this.#documents.write(new Map([['message', shown]]), options);
    return new Set(incoming.get('conversation')?.map(({ id }) => id));
  }

  async #savePosition(position: SyncPosition): Promise<void> {
    await this.#collections.meta.incrementalUpsert(position);
    this.#position = position;
    for (const listener of this.#listeners) listener();
  }
}

function readCheckpoint(text: string): { seq: number } {
  const checkpoint = decodeCheckpoint(text);
  if (!checkpoint) throw new Error('the server sent a checkpoint that cannot be read');
  return checkpoint;
}

function toCopy({ items }: WholePart, asOfSeq: number, epoch: number): ServerCopy {
  return { ids: new Set(items.map(({ id }) => id)), asOfSeq, epoch };
}

function toConversationId({ doc }: IncomingDoc): string[] {
  return typeof doc?.conversationId === 'string' ? [doc.conversationId] : [];
}

/**
 * @param isFrame - a frame may stand for ranges in which the conversation was not to be seen, so that its messages were not
 *   told: it is whole only if it was created by the very change.
 */
function readNews(incoming: ReadonlyMap<CollectionName, readonly IncomingDoc[]>, isFrame: boolean): ConversationNews {
  const conversations = incoming.get('conversation') ?? [];
  return {
    came: new Map(
      conversations.flatMap(({ id, seq, createdSeq, since = 0, doc }) =>
        doc ? [[id, { toldFrom: isFrame && seq !== createdSeq ? 0 : createdSeq, since }] as const] : [],
      ),
    ),
    gone: new Set(conversations.flatMap(({ id, doc }) => (doc ? [] : [id]))),
    withMessages: new Set((incoming.get('message') ?? []).flatMap(toConversationId)),
  };
}

function advance(parts: readonly PartProgress[], name: string, page: SnapshotPage): readonly PartProgress[] {
  return parts.flatMap((part) => {
    if (part.part !== name) return [part];
    if (page.nextCursor === null) return [];
    const received = part.received + page.items.length;
    return [{ ...part, cursor: page.nextCursor, received, total: page.total ?? part.total }];
  });
}

function toConversation({ collection, id, doc }: SnapshotItem): string | null {
  if (collection === 'conversation') return id;
  return typeof doc.conversationId === 'string' ? doc.conversationId : null;
}

/** Once the first parts are here, changes begin where the first of them was read. */
function pastFirstParts(position: SyncPosition): SyncPosition {
  const { checkpoint, firstAsOf, parts } = position;
  if (checkpoint !== null || firstAsOf === null || parts.some(isFirstPart)) return position;
  return { ...position, checkpoint: firstAsOf, seq: readCheckpoint(firstAsOf).seq };
}

/**
 * Reads where this device stands and returns the replica's writing side. Works on any RxStorage, in Node too.
 */
export async function createReplica(collections: CollectionsOf<ReplicaDocs>): Promise<Replica> {
  const stored = (await collections.meta.findOne(POSITION_ID).exec())?.toMutableJSON();
  const replica = new Replica(collections, stored ?? startPosition);
  await replica.finishErasing();
  return replica;
}
