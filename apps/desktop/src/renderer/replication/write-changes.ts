import type { BulkWriteRow, RxCollection, RxDocumentData } from 'rxdb';
import type { Stored } from '../db/documents.ts';

const CONTEXT = 'tradewind-replication';

/** A replicated document on its way into the store; `doc` is null where the server deleted it or took it out of sight. */
export interface IncomingDoc {
  id: string;
  seq: number;
  epoch: number;
  doc: Readonly<Record<string, unknown>> | null;
}

type Positioned = Stored<object>;

function isNewer(seq: number, epoch: number, stored: Positioned): boolean {
  return epoch > stored.replicaEpoch || (epoch === stored.replicaEpoch && seq > stored.replicaSeq);
}

/**
 * Writes the server's documents into one local collection: each only if its position is greater than the stored one's.
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
    this.#keptFields = ['id', ...(collection.schema.jsonSchema.indexes ?? []).flat()].map(String);
    this.#subscription = collection.eventBulks$.subscribe((bulk) => {
      for (const event of bulk.events) this.#remember(event.documentData as RxDocumentData<TDoc>);
    });
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  /** @param incoming - at most one per id. */
  async write(incoming: readonly IncomingDoc[]): Promise<void> {
    await this.#recallRemoved(incoming);
    let rows = incoming.flatMap((change) => this.#toRow(change, this.#recent.get(change.id)) ?? []);
    while (rows.length > 0) {
      const { error: errors } = await this.#collection.storageInstance.bulkWrite(rows, CONTEXT);
      const retries: BulkWriteRow<TDoc>[] = [];
      for (const error of errors) {
        if (error.status !== 409 || !error.documentInDb) throw new Error(`the local store refused ${error.documentId}`);
        const stored = error.documentInDb as RxDocumentData<TDoc>;
        const document = error.writeRow.document as RxDocumentData<TDoc>;
        if (isNewer(document.replicaSeq, document.replicaEpoch, stored)) retries.push({ previous: stored, document });
      }
      rows = retries;
    }
  }

  /** Removing needs the document as it is, and nothing at all is written for one that was never here. */
  async #recallRemoved(incoming: readonly IncomingDoc[]): Promise<void> {
    const unknown = incoming.filter((change) => change.doc === null && !this.#recent.has(change.id));
    if (unknown.length === 0) return;
    const ids = unknown.map((change) => change.id);
    for (const doc of await this.#collection.storageInstance.findDocumentsById(ids, true)) this.#remember(doc);
  }

  #toRow(change: IncomingDoc, previous: RxDocumentData<TDoc> | undefined): BulkWriteRow<TDoc> | null {
    if (previous && !isNewer(change.seq, change.epoch, previous)) return null;
    if (change.doc === null && (!previous || previous._deleted)) return null;
    const fields = change.doc ?? this.#withoutContent(previous);
    const document = {
      ...fields,
      id: change.id,
      replicaSeq: change.seq,
      replicaEpoch: change.epoch,
      _deleted: change.doc === null,
      _attachments: {},
      _rev: previous?._rev ?? '',
      _meta: previous?._meta ?? { lwt: 1 },
      // The server's document is not checked against a local type: unknown fields are kept, as they are.
    } as unknown as RxDocumentData<TDoc>;
    return previous ? { previous, document } : { document };
  }

  /** RxDB marks documents as deleted and keeps them for a while; what an agent may no longer see must not stay in them. */
  #withoutContent(previous: object | undefined): object {
    return Object.fromEntries(Object.entries(previous ?? {}).filter(([field]) => this.#keptFields.includes(field)));
  }

  #remember(doc: RxDocumentData<TDoc>): void {
    this.#recent.delete(doc.id);
    this.#recent.set(doc.id, doc);
    if (this.#recent.size <= this.#recentLimit) return;
    const oldest = this.#recent.keys().next();
    if (!oldest.done) this.#recent.delete(oldest.value);
  }
}
