import type { CollectionName } from '@tradewind/shared/protocol/sync';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { isVisibleSql, type Scopes } from '../../auth/scopes.ts';
import type { Db } from '../database.ts';
import { type ListQuery, type Page, type PageRequest, readPage } from './page.ts';

const TABLES = { customer: 'customers', conversation: 'conversations', message: 'messages', order: 'orders' } as const;
export type DocumentCollection = keyof typeof TABLES & CollectionName;

interface DocumentRow<TDoc> {
  doc: TDoc;
  created_seq: number;
}

/**
 * `doc` and its change-log row as `log`; a document without one was purged after its deletion. `offset 0` keeps the planner
 * on the documents' own order, also before it has statistics: joined the other way round, a page would sort the whole desk.
 */
function fromDocuments(collection: DocumentCollection): RawBuilder<unknown> {
  return sql`${sql.table(TABLES[collection])} as item
    cross join lateral (
      select created_seq, scopes from change_log
      where collection = ${collection} and id = item.id and scope_left = '' offset 0
    ) as log`;
}

function toDocument<TDoc>(row: DocumentRow<TDoc>): TDoc {
  return { ...row.doc, createdSeq: row.created_seq };
}

/** A page of the documents a reader may see (R15). In `keys` and `conditions` the table is `item`, its log row `log`. */
export async function listDocuments<TDoc>(
  db: Db,
  reader: Scopes,
  page: PageRequest,
  query: { collection: DocumentCollection } & Pick<ListQuery, 'name' | 'filters' | 'keys' | 'conditions'>,
): Promise<Page<TDoc>> {
  const { collection, ...rest } = query;
  const found = await readPage<DocumentRow<TDoc>>(db, page, {
    ...rest,
    select: sql`item.doc, log.created_seq`,
    from: fromDocuments(collection),
    conditions: [isVisibleSql(reader), ...query.conditions],
  });
  return { items: found.items.map(toDocument), nextCursor: found.nextCursor };
}

/** Null when there is no such document or the reader may not see it: the two look alike (R15). */
export async function findDocument<TDoc>(
  db: Db,
  reader: Scopes,
  collection: DocumentCollection,
  id: string,
): Promise<TDoc | null> {
  const result = await sql<DocumentRow<TDoc>>`
    select item.doc, log.created_seq from ${fromDocuments(collection)}
    where item.id = ${id} and ${isVisibleSql(reader)}`.execute(db);
  return result.rows[0] ? toDocument(result.rows[0]) : null;
}

/** A condition for each filter that is given. */
export function toConditions<TFilter extends object>(
  filter: TFilter,
  rules: { [K in keyof TFilter]-?: (value: NonNullable<TFilter[K]>) => RawBuilder<SqlBool> },
): RawBuilder<SqlBool>[] {
  const conditions: RawBuilder<SqlBool>[] = [];
  for (const name of Object.keys(rules) as (keyof TFilter)[]) {
    const value = filter[name];
    if (value !== undefined && value !== null) conditions.push(rules[name](value as NonNullable<TFilter[typeof name]>));
  }
  return conditions;
}

/** A pattern for `ilike` that finds the words anywhere, with their `%` and `_` taken literally. */
export function toContainsPattern(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
