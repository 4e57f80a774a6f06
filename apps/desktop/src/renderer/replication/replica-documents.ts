import type { CollectionName } from '@tradewind/shared/protocol/sync';
import type { RxCollection, RxDocumentData } from 'rxdb';
import { localCollections, type ReplicaDocs, type Stored } from '../db/documents.ts';
import { queryDocs, readInSlices } from '../db/live-set.ts';
import type { CollectionsOf } from '../db/open-database.ts';
import { ChangeWriter, type IncomingDoc, type WriteOptions } from './write-changes.ts';

type AnyStored = Stored<Record<string, unknown>>;
type AnyCollection = RxCollection<AnyStored>;

/** How much of what earlier epochs left behind has to go. */
export type StaleExtent =
  /** What the open work of this epoch would hold if it were still so: the rest may come with the history. */
  'open-work' | 'all';

/** What the server was found to have of a conversation or a range. */
export interface ServerCopy {
  ids: ReadonlySet<string>;
  asOfSeq: number;
  epoch: number;
}

/** The documents of the replica, as what writes them needs them; where each stands in the log, it is told. */
export class ReplicaDocuments {
  readonly #collections: CollectionsOf<ReplicaDocs>;
  readonly #writers: ReadonlyMap<CollectionName, ChangeWriter<AnyStored>>;

  constructor(collections: CollectionsOf<ReplicaDocs>) {
    this.#collections = collections;
    this.#writers = new Map(names.map((name) => [name, new ChangeWriter(this.#collection(name))] as const));
  }

  close(): void {
    for (const writer of this.#writers.values()) writer.close();
  }

  async write(incoming: ReadonlyMap<CollectionName, readonly IncomingDoc[]>, options?: WriteOptions): Promise<void> {
    await Promise.all([...incoming].map(([name, docs]) => this.#writers.get(name)?.write(docs, options)));
  }

  /** Those of the conversations that are here, in this epoch, with their places in the log. */
  async findHeld(conversationIds: Iterable<string>, epoch: number): Promise<Map<string, number>> {
    const found = (await this.#writers.get('conversation')?.find([...conversationIds])) ?? [];
    return new Map(
      found.flatMap((doc) => (doc._deleted || doc.replicaEpoch !== epoch ? [] : [[doc.id, doc.replicaSeq] as const])),
    );
  }

  /** Nothing of a conversation that went out of sight stays readable. */
  async dropMessagesOf(conversationIds: Iterable<string>): Promise<void> {
    for (const conversationId of conversationIds) {
      const docs = await queryDocs(this.#collections.messages, { conversationId });
      await this.#forget('message', docs);
    }
  }

  /** Drops messages of a conversation that are not among those the server has. */
  async keepMessages(conversationId: string, copy: ServerCopy): Promise<void> {
    const docs = await queryDocs(this.#collections.messages, { conversationId });
    await this.#forget(
      'message',
      docs.filter((doc) => isMissing(doc, copy)),
    );
  }

  /** Drops what lies in a range of `createdSeq` and is not among what the server has there. */
  async keepInRange(
    { collection, from, to }: { collection: CollectionName; from: number; to: number },
    copy: ServerCopy,
  ): Promise<void> {
    for await (const docs of this.read(collection)) {
      const extra = docs.filter((doc) => {
        const createdSeq = doc.replicaCreatedSeq ?? 0;
        return createdSeq >= from && createdSeq < to && isMissing(doc, copy);
      });
      if (collection === 'conversation') await this.dropMessagesOf(extra.map(({ id }) => id));
      await this.#forget(collection, extra);
    }
  }

  /** Every document of a collection, some at a time. */
  read(name: CollectionName): AsyncGenerator<RxDocumentData<AnyStored>[]> {
    return readInSlices(this.#collection(name));
  }

  /**
   * Erases what only these scopes gave, conversations with their messages.
   *
   * @returns the conversations that are gone.
   */
  async eraseScopes(lost: ReadonlySet<string>): Promise<string[]> {
    const gone: string[] = [];
    for (const name of names) {
      for await (const docs of this.read(name)) {
        const touched = docs.flatMap((doc) => {
          const scopes = doc.replicaScopes?.filter((scope) => !lost.has(scope));
          return scopes && scopes.length < (doc.replicaScopes?.length ?? 0) ? [{ doc, scopes }] : [];
        });
        const erased = touched.flatMap(({ doc, scopes }) => (scopes.length === 0 ? [doc] : []));
        if (name === 'conversation') {
          // Messages first: after a crash in between, the conversation still tells that they have to go.
          await this.dropMessagesOf(erased.map(({ id }) => id));
          gone.push(...erased.map(({ id }) => id));
        }
        await this.#forget(name, erased);
        await this.#writers
          .get(name)
          ?.rescope(touched.flatMap(({ doc: { id }, scopes }) => (scopes.length > 0 ? [{ id, scopes }] : [])));
      }
    }
    return gone;
  }

  /**
   * Removes what is left of earlier epochs.
   *
   * @param isMissed - conversations of this epoch whose messages have yet to come: the earlier ones stay until then.
   */
  async removeStale(epoch: number, extent: StaleExtent, isMissed: (conversationId: string) => boolean): Promise<void> {
    const kept = new Set<string>();
    const goes = (name: CollectionName, doc: AnyStored) => {
      if (doc.replicaEpoch >= epoch) return false;
      if (name === 'message' && isMissed(String(doc.conversationId))) return false;
      return extent === 'all' || isOpenWork(name, doc, kept);
    };
    for (const name of names) {
      for await (const docs of this.read(name)) {
        await this.#forget(
          name,
          docs.filter((doc) => goes(name, doc)),
        );
      }
      if (extent === 'all') await this.#collection(name).storageInstance.cleanup(0);
    }
  }

  #collection(name: CollectionName): AnyCollection {
    // Each collection has its own document type; here only what all replicated documents share is touched.
    return this.#collections[localCollections[name]] as unknown as AnyCollection;
  }

  async #forget(name: CollectionName, docs: readonly { id: string }[]): Promise<void> {
    if (docs.length > 0) await this.#writers.get(name)?.forget(docs.map(({ id }) => id));
  }
}

/** Conversations before their messages. */
const names = Object.keys(localCollections).sort() as CollectionName[];

/** Not in the server's copy, and not newer than that. */
function isMissing({ id, replicaSeq, replicaEpoch }: AnyStored, { ids, asOfSeq, epoch }: ServerCopy): boolean {
  return !ids.has(id) && (replicaEpoch < epoch || replicaSeq <= asOfSeq);
}

/** @param kept - resolved conversations of earlier epochs, filled while conversations are asked about. */
function isOpenWork(name: CollectionName, doc: AnyStored, kept: Set<string>): boolean {
  switch (name) {
    case 'conversation':
      if (doc.status === 'resolved') kept.add(doc.id);
      return doc.status !== 'resolved';
    case 'message':
      return !kept.has(String(doc.conversationId));
    case 'directory':
    case 'command':
    case 'personal':
      return true;
    default:
      return false;
  }
}
