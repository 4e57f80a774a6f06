import type { Database, PreparedStatement } from '@sqlite.org/sqlite-wasm';
import type { Sqlite, SqlValue, Statement } from '../sqlite.ts';

/** The WASM build's database behind our interface; memory or OPFS is the business of who opened it. */
export function wrapWasm(db: Database): Sqlite {
  const open = new Set<PreparedStatement>();
  return {
    exec: (sql) => {
      db.exec(sql);
    },
    prepare: (sql) => {
      const statement = db.prepare(sql);
      open.add(statement);
      return toStatement(statement);
    },
    close: () => {
      for (const statement of open) statement.finalize();
      db.close();
    },
  };
}

function toStatement(statement: PreparedStatement): Statement {
  function* each(values: readonly SqlValue[]): Generator<SqlValue[]> {
    try {
      if (values.length > 0) statement.bind(values as SqlValue[]);
      while (statement.step()) yield statement.get([]) as SqlValue[];
    } finally {
      statement.reset(true);
    }
  }
  return {
    run: (values) => {
      for (const _ of each(values));
    },
    all: (values) => [...each(values)],
    each,
  };
}
