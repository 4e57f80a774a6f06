import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { connectInProcess } from '../in-process.ts';
import type { SqliteBackend } from '../requests.ts';
import type { Durability, Sqlite, SqlValue, Statement } from '../sqlite.ts';

/** One file per database in `folder`, by the SQLite that Node brings along. One process at a time. */
export function nodeFileBackend({
  folder,
  durability = 'normal',
}: {
  folder: string;
  durability?: Durability;
}): SqliteBackend {
  return {
    key: `file:${resolve(folder)}`,
    hasPersistence: true,
    async connect(databaseName) {
      mkdirSync(folder, { recursive: true });
      return connectInProcess(openFile(join(folder, `${encodeURIComponent(databaseName)}.sqlite`), durability));
    },
  };
}

export function openFile(path: string, durability: Durability): Sqlite {
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec(
    `PRAGMA page_size=16384; PRAGMA locking_mode=exclusive; PRAGMA journal_mode=WAL; PRAGMA synchronous=${durability}`,
  );
  return {
    exec: (sql) => db.exec(sql),
    prepare: (sql) => toStatement(db.prepare(sql)),
    close: () => db.close(),
  };
}

function toStatement(statement: StatementSync): Statement {
  statement.setReturnArrays(true);
  return {
    run: (values) => {
      statement.run(...values);
    },
    all: (values) => statement.all(...values) as unknown as SqlValue[][],
    each: (values) => statement.iterate(...values) as unknown as Iterable<SqlValue[]>,
  };
}
