import { type Change, type CollectionName, decodeCheckpoint } from '@tradewind/shared/protocol/sync';
import type { RxCollection } from 'rxdb';
import { localCollections, type ReplicaDocs, type Stored, type SyncPosition } from '../db/documents.ts';
import { queryAllDocs } from '../db/live-set.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { ChangeWriter, type IncomingDoc } from './write-changes.ts';

export const POSITION_ID = 'position';

const startPosition: SyncPosition = {
  id: POSITION_ID,
  checkpoint: null,
  seq: 0,
  accessVersion: null,
  epoch: 1,
  renewing: false,
  clockOffsetMs: 0,
};

type ReplicatedCollections = Omit<CollectionsOf<ReplicaDocs>, 'meta'>;
type AnyReplicated = RxCollection<Stored<object>>;

/** What a page or frame says beside its changes. */
export interface BatchPosition {
  checkpoint: string;
  accessVersion: number;
  clockOffsetMs: number;
}

/**
 * The writing side of the local copy. One instance writes at a time (the leading tab); calls run one after another.
 */
export class Replica {
  readonly #collections: CollectionsOf<ReplicaDocs>;
  readonly #writers: ReadonlyMap<CollectionName, ChangeWriter<Stored<object>>>;
  #position: SyncPosition;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(collections: CollectionsOf<ReplicaDocs>, position: SyncPosition) {
    this.#collections = collections;
    this.#position = position;
    this.#writers = new Map(
      replicatedEntries(collections).map(([name, collection]) => [name, new ChangeWriter(collection)] as const),
    );
  }

  get position(): Readonly<SyncPosition> {
    return this.#position;
  }

  /**
   * Applies one page or one live frame: documents first, the checkpoint after, so that a crash in between only repeats
   * work that changes nothing the second time.
   *
   * @throws Error when the checkpoint cannot be read; nothing is written then.
   */
  applyChanges(changes: readonly Change[], batch: BatchPosition): Promise<void> {
    return this.#inTurn(async () => {
      const checkpoint = decodeCheckpoint(batch.checkpoint);
      if (!checkpoint) throw new Error('the server sent a checkpoint that cannot be read');
      await Promise.all(
        [...this.#newestPerDocument(changes)].map(([name, incoming]) => this.#writers.get(name)?.write(incoming)),
      );
      await this.#savePosition({ ...this.#position, ...batch, seq: checkpoint.seq });
    });
  }

  /**
   * Begins again from the start of the log, after a `resync` or when access changed. What is here stays on the screen
   * until `finishRenewal` removes what the new pull did not bring.
   */
  beginRenewal(): Promise<void> {
    return this.#inTurn(() => {
      const { epoch, clockOffsetMs } = this.#position;
      return this.#savePosition({ ...startPosition, clockOffsetMs, epoch: epoch + 1, renewing: true });
    });
  }

  /** Called at the head of the log. Removes documents of earlier epochs, if a renewal is under way. */
  finishRenewal(): Promise<void> {
    return this.#inTurn(async () => {
      const { epoch, renewing, seq } = this.#position;
      if (!renewing) return;
      for (const [name, collection] of replicatedEntries(this.#collections)) {
        const docs = await queryAllDocs(collection);
        const stale = docs.filter((doc) => doc.replicaEpoch < epoch);
        await this.#writers.get(name)?.write(stale.map(({ id }): IncomingDoc => ({ id, seq, epoch, doc: null })));
        await collection.storageInstance.cleanup(0);
      }
      await this.#savePosition({ ...this.#position, renewing: false });
    });
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#inTurn(async () => undefined);
    for (const writer of this.#writers.values()) writer.close();
  }

  #inTurn<TResult>(work: () => Promise<TResult>): Promise<TResult> {
    const result = this.#turn.then(work);
    // A failed turn is reported to its caller; the next one starts all the same.
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** What the checkpoint has passed is here already: a page or frame that comes twice costs nothing. */
  #newestPerDocument(changes: readonly Change[]): Map<CollectionName, IncomingDoc[]> {
    const { seq: reached, epoch } = this.#position;
    const byCollection = new Map<CollectionName, Map<string, IncomingDoc>>();
    for (const { collection, id, seq, doc, deleted, removed } of changes) {
      if (seq <= reached) continue;
      const ofCollection = byCollection.get(collection) ?? new Map<string, IncomingDoc>();
      byCollection.set(collection, ofCollection);
      if ((ofCollection.get(id)?.seq ?? 0) >= seq) continue;
      ofCollection.set(id, { id, seq, epoch, doc: deleted || removed ? null : (doc ?? null) });
    }
    return new Map([...byCollection].map(([name, incoming]) => [name, [...incoming.values()]]));
  }

  async #savePosition(position: SyncPosition): Promise<void> {
    await this.#collections.meta.incrementalUpsert(position);
    this.#position = position;
  }
}

function replicatedEntries(collections: ReplicatedCollections): [CollectionName, AnyReplicated][] {
  return Object.entries(localCollections).map(([name, local]) => [
    name as CollectionName,
    // Each collection has its own document type; here only what all replicated documents share is touched.
    collections[local] as unknown as AnyReplicated,
  ]);
}

/**
 * Reads where this device stands and returns the replica's writing side. Works on any RxStorage, in Node too.
 */
export async function createReplica(collections: CollectionsOf<ReplicaDocs>): Promise<Replica> {
  const stored = (await collections.meta.findOne(POSITION_ID).exec())?.toMutableJSON();
  return new Replica(collections, stored ?? startPosition);
}
