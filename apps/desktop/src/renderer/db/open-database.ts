import { createRxDatabase, type RxCollection, type RxDatabase, type RxStorage, removeRxDatabase } from 'rxdb';
import type { OwnDocs, ReplicaDocs } from './documents.ts';
import { ownSchemas, replicaSchemas, replicaVersion } from './schemas.ts';

export type CollectionsOf<TDocs> = { [TName in keyof TDocs]: RxCollection<TDocs[TName]> };
export type ReplicaDatabase = RxDatabase<CollectionsOf<ReplicaDocs>>;
export type OwnDatabase = RxDatabase<CollectionsOf<OwnDocs>>;

// biome-ignore lint/suspicious/noExplicitAny: RxDB's own type for "a storage of any kind".
export type AnyStorage = RxStorage<any, any>;

export interface DatabaseOptions {
  storage: AnyStorage;
  /** Distinguishes server and agent; see `toDatabaseName`. */
  name: string;
  /** True where several tabs share the store. */
  multiInstance: boolean;
}

/** One replica and one queue per (server, agent): another agent on this machine never sees or sends them. */
export function toDatabaseName(origin: string, agentId: string): string {
  return `tradewind/${origin}/${agentId}`;
}

function toReplicaName(name: string, version: number): string {
  return `${name}/replica-${version}`;
}

function toOwnName(name: string): string {
  return `${name}/own`;
}

/**
 * RxDB hashes schemas to notice that one has changed. Its default needs `crypto.subtle`, which pages on a plain-http
 * address do not have; nothing here depends on the hash being strong (FNV-1a).
 */
async function hashSchema(text: unknown): Promise<string> {
  let hash = 0x811c9dc5;
  for (const character of String(text)) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16);
}

async function create<TDocs>(
  { storage, multiInstance }: DatabaseOptions,
  name: string,
  addCollections: (database: RxDatabase<CollectionsOf<TDocs>>) => Promise<unknown>,
): Promise<RxDatabase<CollectionsOf<TDocs>>> {
  const database = await createRxDatabase<CollectionsOf<TDocs>>({
    name,
    storage,
    multiInstance,
    eventReduce: true,
    hashFunction: hashSchema,
  });
  try {
    await addCollections(database);
    return database;
  } catch (error) {
    await database.close(); // its name would stay taken
    throw error;
  }
}

/** Opens the copy of the server's documents. It can be lost and filled again at any time. */
export function openReplicaDatabase(options: DatabaseOptions): Promise<ReplicaDatabase> {
  return create<ReplicaDocs>(options, toReplicaName(options.name, replicaVersion), (database) =>
    database.addCollections({
      customers: { schema: replicaSchemas.customers },
      conversations: { schema: replicaSchemas.conversations },
      messages: { schema: replicaSchemas.messages },
      orders: { schema: replicaSchemas.orders },
      directory: { schema: replicaSchemas.directory },
      commands: { schema: replicaSchemas.commands },
      personal: { schema: replicaSchemas.personal },
      meta: { schema: replicaSchemas.meta },
    }),
  );
}

/**
 * Opens what exists only on this device, commands and drafts. A database of its own, so that its storage can be told
 * to flush every write to disk and so that nothing done to the replica can touch it.
 */
export function openOwnDatabase(options: DatabaseOptions): Promise<OwnDatabase> {
  return create<OwnDocs>(options, toOwnName(options.name), (database) =>
    database.addCollections({ outbox: { schema: ownSchemas.outbox }, drafts: { schema: ownSchemas.drafts } }),
  );
}

/** Removes all that lies under a name, where nothing of it is open. */
export async function removeDatabases({
  name,
  replicaStorage,
  ownStorage,
}: {
  name: string;
  replicaStorage: AnyStorage;
  ownStorage: AnyStorage;
}): Promise<void> {
  for (let version = 1; version <= replicaVersion; version++) {
    await removeRxDatabase(toReplicaName(name, version), replicaStorage);
  }
  await removeRxDatabase(toOwnName(name), ownStorage);
}

/** Removes the replicas that earlier versions of the console left behind. */
export async function removeOldReplicas(options: DatabaseOptions): Promise<void> {
  for (let version = 1; version < replicaVersion; version++) {
    await removeRxDatabase(toReplicaName(options.name, version), options.storage, options.multiInstance);
  }
}
