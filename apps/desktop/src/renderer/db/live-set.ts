import type { MangoQuerySelector, RxCollection, RxDocumentData } from 'rxdb';

function revisionHeight(doc: { _rev: string }): number {
  return Number.parseInt(doc._rev, 10);
}

/** One plain query over the storage: building an RxDocument per result is most of a large query's time. */
export async function queryDocs<TDoc>(
  collection: RxCollection<TDoc>,
  selector: MangoQuerySelector<TDoc>,
): Promise<RxDocumentData<TDoc>[]> {
  const prepared = collection.find({ selector }).getPreparedQuery();
  return (await collection.storageInstance.query(prepared)).documents;
}

/** Every document. Read by key, because a document with null in an indexed field is in no other index. */
export async function queryAllDocs<TDoc>(collection: RxCollection<TDoc>): Promise<RxDocumentData<TDoc>[]> {
  const prepared = collection.find({ selector: {}, index: [collection.schema.primaryPath] }).getPreparedQuery();
  return (await collection.storageInstance.query(prepared)).documents;
}

const DOCS_PER_READ = 1_000;

/** Every document in the order of its id, some at a time: a whole collection in memory can be all a device has. */
export async function* readInSlices<TDoc extends { id: string }>(
  collection: RxCollection<TDoc>,
): AsyncGenerator<RxDocumentData<TDoc>[]> {
  let lastId = '';
  for (;;) {
    // Key and order are of the one field that every collection here has.
    const selector = { id: { $gt: lastId } } as unknown as MangoQuerySelector<TDoc>;
    const query = collection.find({ selector, sort: [{ id: 'asc' }] as never, limit: DOCS_PER_READ, index: ['id'] });
    const { documents } = await collection.storageInstance.query(query.getPreparedQuery());
    if (documents.length > 0) yield documents;
    const last = documents.at(-1);
    if (!last || documents.length < DOCS_PER_READ) return;
    lastId = last.id;
  }
}

interface LiveSetOptions<TDoc> {
  collection: RxCollection<TDoc>;
  /** Queries whose results together are the set; loaded one after another, each shown when it is there. */
  selectors: readonly MangoQuerySelector<TDoc>[];
  /** The same condition as the selectors, for documents that change later. */
  matches(doc: TDoc): boolean;
  /** Called after every change, with the ids that came, changed or left. */
  onChange(ids: readonly string[]): void;
}

/**
 * The documents of a collection that meet a condition, in memory and kept up to date from the collection's change
 * events. Unlike a query's observable it tells which documents changed, and never walks the whole result for one.
 */
export class LiveSet<TDoc extends { id: string }> {
  readonly docs = new Map<string, RxDocumentData<TDoc>>();
  /** Resolves when every selector has been loaded; rejects when the store could not be read. */
  readonly loaded: Promise<void>;
  #loadedCount = 0;
  #closed = false;
  /** Newest revision seen per document while loading: a query's answer may be older than an event. */
  #seen: Map<string, number> | null = new Map();
  readonly #options: LiveSetOptions<TDoc>;
  readonly #subscription: { unsubscribe(): void };

  constructor(options: LiveSetOptions<TDoc>) {
    this.#options = options;
    this.#subscription = options.collection.eventBulks$.subscribe((bulk) => {
      this.#accept(bulk.events.map((event) => event.documentData as RxDocumentData<TDoc>));
    });
    this.loaded = this.#load();
    this.loaded.catch((error: unknown) => {
      if (!this.#closed && !options.collection.closed) console.error('the local store could not be read', error);
    });
  }

  /** How many of the selectors have been loaded. */
  get loadedCount(): number {
    return this.#loadedCount;
  }

  get isLoaded(): boolean {
    return this.#loadedCount === this.#options.selectors.length;
  }

  close(): void {
    this.#closed = true;
    this.#subscription.unsubscribe();
  }

  async #load(): Promise<void> {
    for (const selector of this.#options.selectors) {
      const docs = await queryDocs(this.#options.collection, selector);
      if (this.#closed) return;
      this.#loadedCount += 1;
      const seen = this.#seen;
      this.#accept(docs.filter((doc) => revisionHeight(doc) > (seen?.get(doc.id) ?? 0)));
    }
    this.#seen = null;
  }

  #accept(docs: readonly RxDocumentData<TDoc>[]): void {
    const changed: string[] = [];
    for (const doc of docs) {
      const known = this.docs.get(doc.id);
      if (known && revisionHeight(known) > revisionHeight(doc)) continue; // another tab's news, overtaken here
      this.#seen?.set(doc.id, revisionHeight(doc));
      const belongs = !doc._deleted && this.#options.matches(doc);
      if (belongs) this.docs.set(doc.id, doc);
      else if (!this.docs.delete(doc.id)) continue;
      changed.push(doc.id);
    }
    this.#options.onChange(changed);
  }
}
