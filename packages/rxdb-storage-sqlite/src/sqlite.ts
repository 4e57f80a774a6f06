export type SqlValue = string | number | null | Uint8Array;

/** A prepared statement; every call binds anew and leaves the statement reset. */
export interface Statement {
  run(values: readonly SqlValue[]): void;
  all(values: readonly SqlValue[]): SqlValue[][];
  /** Rows one by one: whoever stops early reads no further. */
  each(values: readonly SqlValue[]): Iterable<SqlValue[]>;
}

/** What the storage needs of SQLite: one open database, used synchronously by one owner. */
export interface Sqlite {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** FULL also survives a power cut with its last commits; NORMAL may lose those, never the consistency. */
export type Durability = 'normal' | 'full';

export function inTransaction<T>(db: Sqlite, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      db.exec('ROLLBACK');
    } catch {
      // A full disk has ended the transaction already: the first error is the one to tell.
    }
    throw error;
  }
}
