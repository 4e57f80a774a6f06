import { type CollectionName, collections } from '@tradewind/shared/protocol/sync';
import { localCollections, type ReplicaDocs } from '../../db/documents.ts';
import { queryAllDocs } from '../../db/live-set.ts';
import type { CollectionsOf } from '../../db/open-database.ts';
import type { FakeServer } from './fake-server.ts';

type Docs = Record<string, Record<string, unknown>>;

/** What the agent may see (R6), by collection and id. His answered commands need not be here. */
export function readServer(server: FakeServer): Record<string, Docs> {
  return byCollection((name) => server.visible<{ id: string }>(name));
}

/** What this device holds, without what it notes beside the documents. */
export async function readDevice(stores: CollectionsOf<ReplicaDocs>): Promise<Record<string, Docs>> {
  const held = new Map<CollectionName, { id: string }[]>();
  for (const name of collections) {
    // Each collection has its own document type; here they are only listed.
    const store = stores[localCollections[name]] as unknown as CollectionsOf<ReplicaDocs>['customers'];
    held.set(name, await queryAllDocs(store));
  }
  return byCollection((name) => held.get(name) ?? []);
}

function byCollection(read: (name: CollectionName) => readonly { id: string }[]): Record<string, Docs> {
  return Object.fromEntries(
    collections
      .filter((name) => name !== 'command')
      .map((name) => [name, Object.fromEntries(read(name).map((doc) => [doc.id, withoutNotes(doc)]))]),
  );
}

function withoutNotes(doc: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(doc).filter(([field]) => !/^(_|replica)/.test(field)));
}
