import {
  type ChangesPage,
  decodeCheckpoint,
  type SnapshotItem,
  type SnapshotPage,
} from '@tradewind/shared/protocol/sync';

export interface SnapshotSource {
  snapshot(part: string, cursor: string | null): Promise<SnapshotPage>;
  changes(checkpoint: string): Promise<ChangesPage>;
}

interface Held {
  seq: number;
  collection: string;
  doc: Record<string, unknown>;
}

/** The least a console does by the rules of docs/protocol.md, Catching up: in memory, without crashes. */
export class SnapshotClient {
  readonly docs = new Map<string, Held>();
  readonly #source: SnapshotSource;
  /** What the tail deleted, with its place (P54 b). */
  readonly #gone = new Map<string, number>();
  /** Messages whose conversation is not here yet (P54 c). */
  readonly #waiting = new Map<string, SnapshotItem>();
  readonly #partial = new Set<string>();
  #firstAsOf: string | null = null;
  #checkpoint = '';

  constructor(source: SnapshotSource) {
    this.#source = source;
  }

  /** @param between - called between any two pages. */
  async fetchPart(part: string, between: () => Promise<void> = async () => undefined): Promise<void> {
    let cursor: string | null = null;
    do {
      const page: SnapshotPage = await this.#source.snapshot(part, cursor);
      if (this.#firstAsOf === null) {
        this.#firstAsOf = page.asOf;
        this.#checkpoint = page.asOf;
      }
      for (const item of page.items) this.#write(item, item.doc);
      cursor = page.nextCursor;
      await between();
    } while (cursor !== null);
  }

  async pull(): Promise<void> {
    for (;;) {
      const page = await this.#source.changes(this.#checkpoint);
      for (const change of page.changes) {
        const key = `${change.collection}:${change.id}`;
        if (change.doc === undefined) {
          this.docs.delete(key);
          this.#gone.set(key, change.seq);
        } else if (change.collection === 'message' && !this.docs.has(`conversation:${change.doc.conversationId}`)) {
          this.#waiting.set(key, { ...change, doc: change.doc });
        } else {
          const isNew = change.createdSeq > (decodeCheckpoint(this.#firstAsOf ?? '')?.seq ?? 0);
          if (change.collection === 'conversation' && !this.docs.has(key) && !isNew) this.#partial.add(change.id);
          this.#write(change, change.doc);
        }
      }
      this.#checkpoint = page.checkpoint;
      if (page.upToDate) break;
    }
    for (const item of this.#waiting.values()) {
      if (this.docs.has(`conversation:${item.doc.conversationId}`)) this.#write(item, item.doc);
    }
    this.#waiting.clear();
    for (const id of this.#partial) await this.fetchPart(`conversation:${id}`);
    this.#partial.clear();
  }

  #write(item: Omit<SnapshotItem, 'doc'>, doc: Record<string, unknown>): void {
    const key = `${item.collection}:${item.id}`;
    if (item.seq <= (this.docs.get(key)?.seq ?? 0) || item.seq <= (this.#gone.get(key) ?? 0)) return;
    this.docs.set(key, { seq: item.seq, collection: item.collection, doc });
  }
}
