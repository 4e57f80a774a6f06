import {
  addRxStorageMultiInstanceSupport,
  type BulkWriteRow,
  categorizeBulkWriteRows,
  type EventBulk,
  newRxError,
  now,
  type PreparedQuery,
  type RxAttachmentWriteData,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageChangeEvent,
  type RxStorageDefaultCheckpoint,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  stripAttachmentsDataFromDocument,
} from 'rxdb/plugins/core';
import { type Observable, Subject } from 'rxjs';
import { type AnySchema, type Layout, layoutOf, toColumns } from './layout.ts';
import type { RequestName, Requests, WriteRow } from './requests.ts';
import type { SharedConnection } from './shared-connection.ts';
import type { AnyQuery } from './translate.ts';

export type SQLiteInternals = { connection: SharedConnection; no: number };
export type SQLiteInstanceOptions = Record<string, never>;
type Bulk<T> = EventBulk<RxStorageChangeEvent<RxDocumentData<T>>, RxStorageDefaultCheckpoint>;

export class RxStorageInstanceSQLite<RxDocType>
  implements RxStorageInstance<RxDocType, SQLiteInternals, SQLiteInstanceOptions, RxStorageDefaultCheckpoint>
{
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>;
  readonly options: Readonly<SQLiteInstanceOptions>;
  readonly internals: SQLiteInternals;
  readonly #layout: Layout;
  readonly #changes = new Subject<Bulk<RxDocType>>();
  #closed: Promise<void> | undefined;

  constructor(params: RxStorageInstanceCreationParams<RxDocType, SQLiteInstanceOptions>, internals: SQLiteInternals) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = internals;
    this.#layout = layoutOf(params.schema as AnySchema);
  }

  async bulkWrite(writes: BulkWriteRow<RxDocType>[], context: string) {
    const { no } = this.internals;
    for (const { document, previous } of writes) {
      if (!document._rev || (previous && !previous._rev)) throw newRxError('SNH', { args: { document, previous } });
    }
    const rows = this.schema.attachments
      ? await Promise.all(writes.map((write) => this.#toRowWithAttachments(write)))
      : writes.map((write) => toWriteRow(this.schema as AnySchema, write as BulkWriteRow<unknown>));
    const outcomes = await this.#call('write', { no, rows });

    const inDatabase = new Map<string, RxDocumentData<RxDocType>>();
    outcomes.forEach((outcome, at) => {
      const write = writes[at] as BulkWriteRow<RxDocType>;
      if ('other' in outcome) inDatabase.set(this.#idOf(write.document), JSON.parse(outcome.other));
      else if (outcome.before && write.previous) inDatabase.set(this.#idOf(write.document), write.previous);
    });
    // The owner has decided row by row; RxDB's own function says the same in RxDB's words.
    const { errors, eventBulk, newestRow } = categorizeBulkWriteRows<RxDocType>(
      this,
      this.#layout.primaryPath as never,
      inDatabase,
      writes,
      context,
    );
    if (eventBulk.events.length > 0 && newestRow) {
      eventBulk.checkpoint = { id: this.#idOf(newestRow.document), lwt: newestRow.document._meta.lwt };
      this.#changes.next(eventBulk as Bulk<RxDocType>);
    }
    return { error: errors };
  }

  #idOf(document: object): string {
    return (document as Record<string, string>)[this.#layout.primaryPath] as string;
  }

  async #toRowWithAttachments(write: BulkWriteRow<RxDocType>): Promise<WriteRow> {
    const { document, previous } = write;
    const stripped = stripAttachmentsDataFromDocument(document) as RxDocumentData<RxDocType>;
    const all = document._deleted ? [] : Object.entries(document._attachments);
    const withData = all.flatMap(([name, { digest, ...rest }]) => {
      const { data } = rest as Partial<RxAttachmentWriteData>;
      return data ? [{ name, digest, data }] : [];
    });
    const without = Object.entries(document._attachments).filter(([, one]) => !('data' in one && one.data));
    return {
      ...toWriteRow(this.schema as AnySchema, { ...write, document: stripped } as BulkWriteRow<unknown>),
      asNew: without.length === 0,
      asUpdate: document._deleted || without.every(([name]) => previous?._attachments[name]),
      attachments: {
        names: all.map(([name]) => name),
        data: await Promise.all(
          withData.map(async ({ name, digest, data }) => ({
            name,
            digest,
            data: new Uint8Array(await data.arrayBuffer()),
          })),
        ),
      },
    };
  }

  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<RxDocumentData<RxDocType>[]> {
    return JSON.parse(await this.#call('find', { no: this.internals.no, ids, withDeleted }));
  }

  async query({ query }: PreparedQuery<RxDocType>): Promise<{ documents: RxDocumentData<RxDocType>[] }> {
    const { no } = this.internals;
    return { documents: JSON.parse(await this.#call('query', { no, query: query as AnyQuery })) };
  }

  async count({ query }: PreparedQuery<RxDocType>): Promise<{ count: number; mode: 'fast' | 'slow' }> {
    const { no } = this.internals;
    const { count, exact } = await this.#call('count', { no, query: query as AnyQuery });
    return { count, mode: exact ? 'fast' : 'slow' };
  }

  async getChangedDocumentsSince(limit: number, checkpoint?: RxStorageDefaultCheckpoint) {
    const { no } = this.internals;
    const documents: RxDocumentData<RxDocType>[] = JSON.parse(
      await this.#call('changed', { no, limit, after: checkpoint ?? null }),
    );
    const last = documents.at(-1);
    return {
      documents,
      checkpoint: last ? { id: this.#idOf(last), lwt: last._meta.lwt } : (checkpoint ?? { id: '', lwt: 0 }),
    };
  }

  async getAttachmentData(id: string, name: string, digest: string): Promise<Blob> {
    const data = await this.#call('attachment', { no: this.internals.no, id, name, digest });
    if (!data) throw new Error(`attachment does not exist: ${id} ${name}`);
    return new Blob([data as Uint8Array<ArrayBuffer>]);
  }

  changeStream(): Observable<Bulk<RxDocType>> {
    this.#ensureOpen();
    return this.#changes.asObservable();
  }

  async cleanup(minimumDeletedTime: number): Promise<boolean> {
    await this.#call('cleanup', { no: this.internals.no, before: now() - minimumDeletedTime });
    return true;
  }

  async remove(): Promise<void> {
    await this.#call('remove', { no: this.internals.no });
    await this.close();
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#changes.complete();
      await this.internals.connection.release();
    })();
    return this.#closed;
  }

  #ensureOpen(): void {
    if (this.#closed) {
      throw new Error(`RxStorageInstanceSQLite is closed ${this.databaseName}-${this.collectionName}`);
    }
  }

  #call<N extends RequestName>(name: N, parameters: Requests[N]['with']): Promise<Requests[N]['answer']> {
    this.#ensureOpen();
    return this.internals.connection.call(name, parameters);
  }
}

export async function createInstance<RxDocType>(
  name: string,
  params: RxStorageInstanceCreationParams<RxDocType, SQLiteInstanceOptions>,
  connection: SharedConnection,
): Promise<RxStorageInstanceSQLite<RxDocType>> {
  try {
    const { collectionName: collection } = params;
    const no = await connection.call('open', { collection, schema: params.schema as AnySchema });
    const instance = new RxStorageInstanceSQLite(params, { connection, no });
    addRxStorageMultiInstanceSupport(name, params, instance);
    return instance;
  } catch (error) {
    await connection.release();
    throw error;
  }
}

export function toWriteRow(schema: AnySchema, { document, previous }: BulkWriteRow<unknown>): WriteRow {
  const { values, odd } = toColumns(layoutOf(schema), document);
  return {
    previousRev: previous?._rev ?? null,
    rev: document._rev,
    columns: values,
    odd,
    body: JSON.stringify(document),
    asNew: true,
    asUpdate: true,
  };
}
