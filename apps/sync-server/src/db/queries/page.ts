import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Db } from '../database.ts';
import { type CursorKeys, decodeCursor, encodeCursor } from './cursor.ts';

export interface PageRequest {
  limit: number;
  order: 'asc' | 'desc';
  cursor: string | null;
}

export interface Page<TItem> {
  items: TItem[];
  /** Null on the last page. */
  nextCursor: string | null;
}

export interface ListQuery {
  /** Name and filters of the list; a cursor is good for the same ones only. */
  name: string;
  filters: object;
  /** Sort columns; together they are unique, so that a page ends at one exact row. */
  keys: readonly { column: string; type: 'string' | 'number' }[];
  /** Columns to read, as SQL. */
  select: RawBuilder<unknown>;
  /** Tables with their joins, as SQL. */
  from: RawBuilder<unknown>;
  conditions: readonly RawBuilder<SqlBool>[];
}

/**
 * One page by keyset: rows after the cursor's keys, however many were inserted or deleted before them meanwhile.
 *
 * @throws AppError `bad-input` for a cursor of another list.
 */
export async function readPage<TRow>(db: Db, request: PageRequest, query: ListQuery): Promise<Page<TRow>> {
  const list = { name: query.name, order: request.order, filters: query.filters };
  const columns = query.keys.map((key) => sql.ref(key.column));
  const conditions = [...query.conditions];
  if (request.cursor !== null) {
    const after = decodeCursor(
      request.cursor,
      list,
      query.keys.map((key) => key.type),
    );
    const comparison = request.order === 'asc' ? sql.raw('>') : sql.raw('<');
    conditions.push(
      sql<SqlBool>`(${sql.join(columns)}) ${comparison} (${sql.join(after.map((value) => sql`${value}`))})`,
    );
  }
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``;
  const direction = sql.raw(request.order);
  const result = await sql<TRow & { page_keys: CursorKeys }>`
    select ${query.select}, jsonb_build_array(${sql.join(columns)}) as page_keys
    from ${query.from} ${where}
    order by ${sql.join(columns.map((column) => sql`${column} ${direction}`))}
    limit ${request.limit + 1}`.execute(db);
  const shown = result.rows.slice(0, request.limit);
  const last = shown.at(-1);
  const more = result.rows.length > request.limit && last !== undefined;
  const items = shown.map(({ page_keys: _keys, ...row }) => row as TRow); // without the added column it is a TRow again
  return { items, nextCursor: more ? encodeCursor(last.page_keys, list) : null };
}
