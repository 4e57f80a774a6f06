import type { AnySchema } from './layout.ts';
import type { SqlValue } from './sqlite.ts';
import type { AnyQuery } from './translate.ts';

/**
 * One document to write. Bodies travel as text: the owner of the database need not read them.
 * `asNew`, `asUpdate`: whether the row may be written then; a missing attachment forbids it.
 */
export type WriteRow = {
  previousRev: string | null;
  rev: string;
  columns: SqlValue[];
  odd: boolean;
  body: string;
  asNew: boolean;
  asUpdate: boolean;
  /** Only in collections with attachments: those the document has, and the data that comes along. */
  attachments?: { names: string[]; data: { name: string; digest: string; data: Uint8Array }[] };
};

/** `before`: whether the document was there with the revision expected; `other`: its body where it was another. */
export type WriteOutcome = { before: boolean } | { other: string };

export type Requests = {
  open: { with: { collection: string; schema: AnySchema }; answer: number };
  write: { with: { no: number; rows: WriteRow[]; again?: boolean }; answer: WriteOutcome[] };
  find: { with: { no: number; ids: string[]; withDeleted: boolean }; answer: string };
  query: { with: { no: number; query: AnyQuery }; answer: string };
  count: { with: { no: number; query: AnyQuery }; answer: { count: number; exact: boolean } };
  changed: { with: { no: number; limit: number; after: { lwt: number; id: string } | null }; answer: string };
  cleanup: { with: { no: number; before: number }; answer: null };
  attachment: { with: { no: number; id: string; name: string; digest: string }; answer: Uint8Array | null };
  remove: { with: { no: number }; answer: null };
  check: { with: Record<never, never>; answer: string };
};

export type RequestName = keyof Requests;
export type Answer = Requests[RequestName]['answer'];

/** The way to the owner of one database, be it in this thread or in another window's worker. */
export interface Connection {
  call<N extends RequestName>(name: N, parameters: Requests[N]['with']): Promise<Requests[N]['answer']>;
  close(): Promise<void>;
}

/** Opens databases by name. Connections of equal `key` and name are shared within a thread. */
export interface SqliteBackend {
  readonly key: string;
  readonly hasPersistence: boolean;
  connect(databaseName: string): Promise<Connection>;
}

/** This browser cannot keep such a database at all: the message says why. A fallback may. */
export class NoStorageError extends Error {
  override name = 'NoStorageError';
}
