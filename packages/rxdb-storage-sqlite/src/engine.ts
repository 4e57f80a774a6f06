import { getQueryMatcher, getSortComparator } from 'rxdb/plugins/core';
import type { AnyDocument, AnySchema, Layout } from './layout.ts';
import { DELETED, LWT, layoutOf, toColumns, toOrderedText, toTables } from './layout.ts';
import type { RequestName, Requests, WriteOutcome, WriteRow } from './requests.ts';
import type { Sqlite, SqlValue, Statement } from './sqlite.ts';
import { inTransaction } from './sqlite.ts';
import type { AnyQuery, Condition } from './translate.ts';
import { leadById, toCondition, toOrder } from './translate.ts';

type Collection = { no: number; schema: AnySchema; layout: Layout; odd: boolean };
type Handlers = { [N in RequestName]: (parameters: Requests[N]['with']) => Requests[N]['answer'] };

const CATALOG = `CREATE TABLE IF NOT EXISTS collections (no INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, version INTEGER NOT NULL,
  schema TEXT NOT NULL, layout TEXT NOT NULL, odd INTEGER NOT NULL DEFAULT 0, UNIQUE (name, version))`;

/**
 * Answers the requests of all collections of one open database. It keeps nothing that is not in the database but
 * caches: another engine on the same file goes on where this one ended.
 */
export class StorageEngine {
  readonly #db: Sqlite;
  readonly #statements = new Map<string, Statement>();
  readonly #collections = new Map<number, Collection>();
  readonly #handlers: Handlers = {
    open: (parameters) => this.#open(parameters),
    write: (parameters) => this.#write(parameters),
    find: (parameters) => this.#find(parameters),
    query: ({ no, query }) => list(this.#select(this.#collection(no), query)),
    count: ({ no, query }) => this.#count(this.#collection(no), query),
    changed: (parameters) => this.#changed(parameters),
    cleanup: (parameters) => this.#cleanup(parameters),
    attachment: (parameters) => this.#attachment(parameters),
    remove: ({ no }) => this.#remove(no),
    check: () => String(this.#statement('PRAGMA integrity_check').all([])[0]?.[0]),
  };

  constructor(db: Sqlite) {
    this.#db = db;
    db.exec(CATALOG);
  }

  handle<N extends RequestName>(name: N, parameters: Requests[N]['with']): Requests[N]['answer'] {
    return this.#handlers[name](parameters);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #open({ collection: name, schema }: Requests['open']['with']): number {
    return inTransaction(this.#db, () => {
      const layout = layoutOf(schema);
      const shape = JSON.stringify(toTables(layout, 0));
      const found = this.#statement('SELECT no, layout FROM collections WHERE name = ? AND version = ?');
      const [known] = found.all([name, schema.version]);
      if (known?.[1] === shape) return Number(known[0]);
      // RxDB has compared the schemas already: here other indexes mean that a newer RxDB asks for them.
      const [row] = this.#statement(
        'INSERT INTO collections (name, version, schema, layout) VALUES (?, ?, ?, ?) RETURNING no',
      ).all([known ? `${name} ` : name, schema.version, JSON.stringify(schema), shape]);
      const no = Number(row?.[0]);
      for (const sql of toTables(layout, no)) this.#db.exec(sql);
      if (known) this.#moveInto(no, Number(known[0]), name);
      return no;
    });
  }

  #moveInto(no: number, from: number, name: string): void {
    const collection = this.#collection(no);
    const insert = this.#insert(collection);
    for (const [rev, body] of this.#db.prepare(`SELECT rev, body FROM d${from} ORDER BY k`).each([])) {
      const { values, odd } = toColumns(collection.layout, JSON.parse(String(body)));
      if (odd) this.#becomesOdd(collection);
      insert.run([rev as string, ...values, body as string]);
    }
    this.#db.exec(`INSERT INTO a${no} SELECT * FROM a${from}`);
    this.#drop(from);
    this.#statement('UPDATE collections SET name = ? WHERE no = ?').run([name, no]);
  }

  #collection(no: number): Collection {
    const known = this.#collections.get(no);
    if (known) return known;
    const [row] = this.#statement('SELECT schema, odd FROM collections WHERE no = ?').all([no]);
    if (!row) throw new Error('the collection was removed');
    const schema: AnySchema = JSON.parse(String(row[0]));
    const collection = { no, schema, layout: layoutOf(schema), odd: row[1] === 1 };
    this.#collections.set(no, collection);
    return collection;
  }

  #insert({ no, layout }: Collection): Statement {
    const columns = layout.fields.map((field) => field.column).join(', ');
    const marks = layout.fields.map(() => '?').join(', ');
    return this.#statement(`INSERT INTO d${no} (rev, ${columns}, body) VALUES (?, ${marks}, ?)`);
  }

  #update({ no, layout }: Collection): Statement {
    const columns = layout.fields.map((field) => `${field.column} = ?`).join(', ');
    return this.#statement(`UPDATE d${no} SET rev = ?, ${columns}, body = ? WHERE id = ?`);
  }

  #write({ no, rows, again = false }: Requests['write']['with']): WriteOutcome[] {
    const collection = this.#collection(no);
    const { odd } = collection;
    try {
      return inTransaction(this.#db, () => this.#writeRows(collection, rows, again));
    } catch (error) {
      collection.odd = odd;
      throw error;
    }
  }

  #writeRows(collection: Collection, rows: WriteRow[], again: boolean): WriteOutcome[] {
    const revs = this.#revsOf(collection, rows);
    const insert = this.#insert(collection);
    const update = this.#update(collection);
    return rows.map((row) => {
      const id = row.columns[0] as string;
      const rev = revs.get(id);
      const before = rev !== undefined;
      if (before && rev !== row.previousRev) {
        const other = this.#bodyOf(collection, id);
        // Sent again because the first owner died before it answered, but after it wrote.
        if (again && rev === row.rev && other === row.body) return { before: row.previousRev !== null };
        return { other };
      }
      if (!(before ? row.asUpdate : row.asNew)) return { before };
      if (row.odd) this.#becomesOdd(collection);
      if (before) update.run([row.rev, ...row.columns, row.body, id]);
      else insert.run([row.rev, ...row.columns, row.body]);
      if (row.attachments) this.#writeAttachments(collection, id, row.attachments);
      revs.set(id, row.rev);
      return { before };
    });
  }

  #revsOf({ no }: Collection, rows: WriteRow[]): Map<string, string> {
    const found = this.#statement(`SELECT id, rev FROM d${no} WHERE id IN (SELECT value FROM json_each(?))`);
    const ids = JSON.stringify(rows.map((row) => row.columns[0]));
    return new Map(found.all([ids]) as [string, string][]);
  }

  #bodyOf({ no }: Collection, id: string): string {
    return String(this.#statement(`SELECT body FROM d${no} WHERE id = ?`).all([id])[0]?.[0]);
  }

  #becomesOdd(collection: Collection): void {
    if (collection.odd) return;
    collection.odd = true;
    this.#statement('UPDATE collections SET odd = 1 WHERE no = ?').run([collection.no]);
  }

  #writeAttachments({ no }: Collection, id: string, { names, data }: NonNullable<WriteRow['attachments']>): void {
    this.#statement(`DELETE FROM a${no} WHERE id = ? AND name NOT IN (SELECT value FROM json_each(?))`).run([
      id,
      JSON.stringify(names),
    ]);
    const put = this.#statement(`INSERT OR REPLACE INTO a${no} (id, name, digest, data) VALUES (?, ?, ?, ?)`);
    for (const one of data) put.run([id, one.name, one.digest, one.data]);
  }

  #find({ no, ids, withDeleted }: Requests['find']['with']): string {
    this.#collection(no);
    const live = withDeleted ? '' : ` AND +${DELETED} = 0`;
    const found = this.#statement(`SELECT body FROM d${no} WHERE id IN (SELECT value FROM json_each(?))${live}`);
    return list(found.all([JSON.stringify(ids.map(toOrderedText))]).map(([body]) => body as string));
  }

  #conditionOf({ layout, odd }: Collection, query: AnyQuery): Condition {
    return odd ? { sql: '1', values: [], exact: false } : leadById(toCondition(layout, query.selector), query, layout);
  }

  /** The bodies of what matches, in order. */
  #select(collection: Collection, query: AnyQuery): string[] {
    const { schema, layout, no, odd } = collection;
    const condition = this.#conditionOf(collection, query);
    const order = odd ? null : toOrder(layout, query.sort);
    const skip = query.skip ?? 0;
    const end = skip + (query.limit ?? Number.POSITIVE_INFINITY);
    const from = `SELECT body FROM d${no} WHERE ${condition.sql}${order ? ` ORDER BY ${order}` : ''}`;
    if (condition.exact && order) {
      const values = [...condition.values, query.limit ?? -1, skip];
      return this.#statement(`${from} LIMIT ? OFFSET ?`).all(values).map(bodyOf);
    }
    const matches = condition.exact ? () => true : getQueryMatcher(schema, query as never);
    const found: { body: string; document: AnyDocument }[] = [];
    for (const row of this.#statement(from).each(condition.values)) {
      if (order && found.length >= end) break;
      const body = bodyOf(row);
      const document: AnyDocument = JSON.parse(body);
      if (matches(document as never)) found.push({ body, document });
    }
    if (!order) {
      const compare = getSortComparator(schema, query as never);
      found.sort((a, b) => compare(a.document as never, b.document as never) ?? 0);
    }
    return found.slice(skip, end).map(({ body }) => body);
  }

  #count(collection: Collection, query: AnyQuery): { count: number; exact: boolean } {
    const { sql, values, exact } = this.#conditionOf(collection, query);
    if (exact) {
      const [row] = this.#statement(`SELECT count(*) FROM d${collection.no} WHERE ${sql}`).all(values);
      return { count: Number(row?.[0]), exact };
    }
    const matches = getQueryMatcher(collection.schema, query as never);
    let count = 0;
    for (const row of this.#statement(`SELECT body FROM d${collection.no} WHERE ${sql}`).each(values)) {
      if (matches(JSON.parse(bodyOf(row)))) count += 1;
    }
    return { count, exact };
  }

  #changed({ no, limit, after }: Requests['changed']['with']): string {
    this.#collection(no);
    const found = this.#statement(`SELECT body FROM d${no} WHERE (${LWT}, id) > (?, ?) ORDER BY ${LWT}, id LIMIT ?`);
    return list(found.all([after?.lwt ?? 0, toOrderedText(after?.id ?? ''), limit]).map(bodyOf));
  }

  #cleanup({ no, before }: Requests['cleanup']['with']): null {
    this.#collection(no);
    inTransaction(this.#db, () => {
      this.#statement(
        `DELETE FROM a${no} WHERE id IN (SELECT id FROM d${no} WHERE ${DELETED} = 1 AND ${LWT} <= ?)`,
      ).run([before]);
      this.#statement(`DELETE FROM d${no} WHERE ${DELETED} = 1 AND ${LWT} <= ?`).run([before]);
    });
    return null;
  }

  #attachment({ no, id, name, digest }: Requests['attachment']['with']): Uint8Array | null {
    this.#collection(no);
    const found = this.#statement(`SELECT data FROM a${no} WHERE id = ? AND name = ? AND digest = ?`);
    const [row] = found.all([toOrderedText(id), name, digest]);
    return row ? (row[0] as Uint8Array) : null;
  }

  #remove(no: number): null {
    // Sent again after it was done: nothing is left to remove.
    inTransaction(this.#db, () => this.#drop(no));
    return null;
  }

  #drop(no: number): void {
    this.#db.exec(`DROP TABLE IF EXISTS d${no}; DROP TABLE IF EXISTS a${no}`);
    this.#statement('DELETE FROM collections WHERE no = ?').run([no]);
    this.#collections.delete(no);
  }
}

function bodyOf(row: SqlValue[]): string {
  return row[0] as string;
}

/** One text for all: cheaper to hand to another thread, and to read there, than a list of texts. */
function list(bodies: string[]): string {
  return `[${bodies.join(',')}]`;
}
