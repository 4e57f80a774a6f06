import type { BulkWriteRow, RxCollection, RxDocumentData } from 'rxdb';
import type { Stored } from '../db/documents.ts';

const CONTEXT = 'tradewind-replication';

/** A replicated document on its way into the store; `doc` is null where the server deleted it or took it out of sight. */
export interface IncomingDoc {
  id: string;
  seq: number;
  createdSeq: number;
  epoch: number;
  scopes?: readonly string[] | undefined;
  /** Of a conversation: from where on it was in sight without a break. */
  since?: number | undefined;
  doc: Readonly<Record<string, unknown>> | null;
}

type Positioned = Stored<object>;
type MayReplace = (incoming: Positioned, stored: Positioned & { _deleted: boolean }) => boolean;

function isNewer(incoming: Positioned, stored: Positioned): boolean {
  if (incoming.replicaEpoch !== stored.replicaEpoch) return incoming.replicaEpoch > stored.replicaEpoch;
  return incoming.replicaSeq > stored.replicaSeq;
}

/** The same state of a document, seen by other scopes than before. */
function isRescoped(incoming: Positioned, stored: Positioned & { _deleted: boolean }): boolean {
  return (
    !stored._deleted &&
    incoming.replicaEpoch === stored.replicaEpoch &&
    incoming.replicaSeq === stored.replicaSeq &&
    String(incoming.replicaScopes) !== String(stored.replicaScopes)
  );
}

/** Rule (a) of catching up: a change is written only if its place in the log is after the stored one. */
export const byChange: MayReplace = (incoming, stored) => isNewer(incoming, stored) || isRescoped(incoming, stored);

/**
 * Rules (a) and (b): a part of the snapshot does not bring back what was deleted or removed after its `asOf`. What was
 * removed before and is listed all the same has come into sight again.
 */
export function byPart(asOfSeq: number): MayReplace {
  return (incoming, stored) => byChange(incoming, stored) || (stored._deleted && stored.replicaSeq <= asOfSeq);
}

/** What was found unequal is replaced whatever it says, unless it changed after `asOf`. */
export function byRepair(asOfSeq: number): MayReplace {
  return (incoming, stored) => {
    if (byPart(asOfSeq)(incoming, stored)) return true;
    return stored.replicaSeq <= asOfSeq && stored.replicaSeq !== incoming.replicaSeq;
  };
}

export interface WriteOptions {
  mayReplace?: MayReplace;
  /** Remembers removals of documents that are not here: a part under way may hold them (rule (b)). */
  keepTombstones?: boolean;
  /**
   * Looks up what is stored before anything is written. Where places in the log may be older than those of documents that
   * are gone: RxDB takes an insert over a deleted document for no conflict, and would bring it back.
   */
  lookFirst?: boolean;
}

/**
 * Writes the server's documents into one local collection, each only if it may replace what is stored.
 *
 * It remembers the revisions written last, because an update must name its predecessor: with them a live frame is one
 * storage operation, and a document it does not remember costs a second one (the storage answers with what it holds).
 */
export class ChangeWriter<TDoc extends Positioned> {
  readonly #collection: RxCollection<TDoc>;
  readonly #keptFields: readonly string[];
  readonly #recent = new Map<string, RxDocumentData<TDoc>>();
  readonly #recentLimit: number;
  readonly #subscription: { unsubscribe(): void };

  constructor(collection: RxCollection<TDoc>, recentLimit = 2_000) {
    this.#collection = collection;
    this.#recentLimit = recentLimit;
    const indexed = (collection.schema.jsonSchema.indexes ?? []).flat().map(String);
    // RxDB's own are among them, such as `_meta.lwt`.
    this.#keptFields = ['id', ...indexed.filter((field) => !field.startsWith('_'))];
    this.#subscription = collection.eventBulks$.subscribe((bulk) => {
      for (const event of bulk.events) this.#remember(event.documentData as RxDocumentData<TDoc>);
    });
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  /** @param incoming - at most one per id. */
  async write(incoming: readonly IncomingDoc[], options: WriteOptions = {}): Promise<void> {
    const { mayReplace = byChange, keepTombstones = false, lookFirst = false } = options;
    const looked = lookFirst ? incoming : incoming.filter(({ doc }) => doc === null);
    const stored = await this.#recall(looked.map(({ id }) => id));
    const rows = incoming.flatMap((change) => {
      const previous = stored.get(change.id) ?? this.#recent.get(change.id);
      return this.#toRow(change, previous, mayReplace, keepTombstones) ?? [];
    });
    await this.#store(rows, mayReplace);
  }

  /** Erases documents so that any copy of them, whatever its place in the log, may come again. */
  async forget(ids: readonly string[]): Promise<void> {
    const stored = await this.#recall(ids);
    const rows = [...stored.values()].flatMap((previous) => {
      if (previous._deleted && previous.replicaSeq === 0) return [];
      const place = { id: previous.id, seq: 0, createdSeq: 0, epoch: 0 };
      return [{ previous, document: this.#toTombstone(previous, place) }];
    });
    await this.#store(rows, () => true);
  }

  /** Notes by which scopes documents are seen from now on. */
  async rescope(docs: readonly { id: string; scopes: readonly string[] }[]): Promise<void> {
    const stored = await this.#recall(docs.map(({ id }) => id));
    const rows = docs.flatMap(({ id, scopes }) => {
      const previous = stored.get(id);
      return previous && !previous._deleted ? [{ previous, document: { ...previous, replicaScopes: scopes } }] : [];
    });
    await this.#store(rows, () => false);
  }

  /** The documents with these ids as they are stored; those of deleted ones too. */
  async find(ids: readonly string[]): Promise<RxDocumentData<TDoc>[]> {
    return [...(await this.#recall(ids)).values()];
  }

  async #store(rows: BulkWriteRow<TDoc>[], mayReplace: MayReplace): Promise<void> {
    let left = rows;
    while (left.length > 0) {
      const { error: errors } = await this.#collection.storageInstance.bulkWrite(left, CONTEXT);
      const retries: BulkWriteRow<TDoc>[] = [];
      for (const error of errors) {
        if (error.status !== 409 || !error.documentInDb) throw new Error(`the local store refused ${error.documentId}`);
        const stored = error.documentInDb as RxDocumentData<TDoc>;
        this.#remember(stored);
        const document = error.writeRow.document as RxDocumentData<TDoc>;
        if (mayReplace(document, stored)) retries.push({ previous: stored, document });
      }
      left = retries;
    }
  }

  /** The stored state of these, by id: removing needs it, and nothing at all is written for what was never here. */
  async #recall(ids: readonly string[]): Promise<Map<string, RxDocumentData<TDoc>>> {
    const recalled = new Map<string, RxDocumentData<TDoc>>();
    const unknown: string[] = [];
    for (const id of ids) {
      const doc = this.#recent.get(id);
      if (doc) recalled.set(id, doc);
      else unknown.push(id);
    }
    if (unknown.length === 0) return recalled;
    for (const doc of await this.#collection.storageInstance.findDocumentsById(unknown, true)) {
      recalled.set(doc.id, doc);
      this.#remember(doc);
    }
    return recalled;
  }

  #toRow(
    change: IncomingDoc,
    previous: RxDocumentData<TDoc> | undefined,
    mayReplace: MayReplace,
    keepTombstones: boolean,
  ): BulkWriteRow<TDoc> | null {
    if (change.doc === null) {
      if ((!previous || previous._deleted) && !keepTombstones) return null;
      const document = this.#toTombstone(previous, change);
      if (!previous) return { document };
      return mayReplace(document, previous) ? { previous, document } : null;
    }
    const document = this.#toStored(change.doc, change, previous);
    if (!previous) return { document };
    return mayReplace(document, previous) ? { previous, document } : null;
  }

  #toStored(
    fields: Readonly<Record<string, unknown>>,
    { id, seq, createdSeq, epoch, scopes }: Omit<IncomingDoc, 'doc'>,
    previous: RxDocumentData<TDoc> | undefined,
  ): RxDocumentData<TDoc> {
    return {
      ...fields,
      id,
      replicaSeq: seq,
      replicaEpoch: epoch,
      replicaCreatedSeq: createdSeq,
      ...(scopes ? { replicaScopes: scopes } : {}),
      _deleted: false,
      _attachments: {},
      _rev: previous?._rev ?? '',
      _meta: previous?._meta ?? { lwt: 1 },
      // The server's document is not checked against a local type: unknown fields are kept, as they are.
    } as unknown as RxDocumentData<TDoc>;
  }

  /** RxDB marks documents as deleted and keeps them for a while; what an agent may no longer see must not stay in them. */
  #toTombstone(
    previous: RxDocumentData<TDoc> | undefined,
    place: Omit<IncomingDoc, 'doc' | 'scopes'>,
  ): RxDocumentData<TDoc> {
    const stored: Record<string, unknown> = previous ?? {};
    const fields = Object.fromEntries(this.#keptFields.map((field) => [field, stored[field] ?? '']));
    return { ...this.#toStored(fields, place, previous), _deleted: true };
  }

  #remember(doc: RxDocumentData<TDoc>): void {
    this.#recent.delete(doc.id);
    this.#recent.set(doc.id, doc);
    if (this.#recent.size <= this.#recentLimit) return;
    const oldest = this.#recent.keys().next();
    if (!oldest.done) this.#recent.delete(oldest.value);
  }
}
