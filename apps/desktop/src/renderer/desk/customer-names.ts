import type { Customer } from '@tradewind/shared/schemas/customer';
import type { RxCollection, RxDocumentData } from 'rxdb';
import type { Stored } from '../db/documents.ts';

/** Names for list rows: only the names, and only of customers whose conversations are listed. */
export class CustomerNames {
  readonly #collection: RxCollection<Stored<Customer>>;
  readonly #onChange: (customerIds: readonly string[]) => void;
  readonly #subscription: { unsubscribe(): void };
  /** '' for a customer who is not here (yet). */
  readonly #names = new Map<string, string>();

  constructor(collection: RxCollection<Stored<Customer>>, onChange: (customerIds: readonly string[]) => void) {
    this.#collection = collection;
    this.#onChange = onChange;
    this.#subscription = collection.eventBulks$.subscribe((bulk) => {
      this.#accept(bulk.events.map((event) => event.documentData as RxDocumentData<Stored<Customer>>));
    });
  }

  get(customerId: string): string {
    return this.#names.get(customerId) ?? '';
  }

  /** Loads the names that are not known yet; later changes come by themselves. */
  async load(customerIds: Iterable<string>): Promise<void> {
    const unknown = [...new Set(customerIds)].filter((id) => !this.#names.has(id));
    if (unknown.length === 0) return;
    for (const id of unknown) this.#names.set(id, '');
    const docs = await this.#collection.storageInstance.findDocumentsById(unknown, false);
    // An event may have overtaken the query; names change rarely enough to prefer what came by event.
    this.#accept(docs.filter((doc) => this.#names.get(doc.id) === ''));
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  #accept(docs: readonly RxDocumentData<Stored<Customer>>[]): void {
    const changed: string[] = [];
    for (const { id, name, _deleted } of docs) {
      const known = this.#names.get(id);
      const next = _deleted ? '' : (name ?? '');
      if (known === undefined || known === next) continue;
      this.#names.set(id, next);
      changed.push(id);
    }
    if (changed.length > 0) this.#onChange(changed);
  }
}
