import { DatabaseSync } from 'node:sqlite';
import { normalizeMangoQuery } from 'rxdb/plugins/core';
import { expect, test } from 'vitest';
import { schema } from '../test/random-queries.ts';
import { layoutOf, toTables } from './layout.ts';
import { type AnyQuery, leadById, toCondition, toOrder } from './translate.ts';

const layout = layoutOf(schema as never);
const db = new DatabaseSync(':memory:');
for (const sql of toTables(layout, 1)) db.exec(sql);

function planOf(selector: object, sort?: object[]): string {
  const mango = { selector: { ...selector, _deleted: { $eq: false } }, ...(sort ? { sort } : {}) };
  const query = normalizeMangoQuery(schema, mango as never) as AnyQuery;
  const { sql, values } = leadById(toCondition(layout, query.selector), query, layout);
  const text = `EXPLAIN QUERY PLAN SELECT body FROM d1 WHERE ${sql} ORDER BY ${toOrder(layout, query.sort)} LIMIT 50`;
  return db
    .prepare(text)
    .all(...(values as never[]))
    .map(({ detail }) => detail)
    .join('; ');
}

test('a list by an indexed field, newest first, reads its index backwards and stops', () => {
  expect(planOf({}, [{ rank: 'desc' }])).toBe(
    'SEARCH d1 USING INDEX d1_1 (f0=?); USE TEMP B-TREE FOR LAST TERM OF ORDER BY',
  );
  expect(planOf({ open: { $eq: true } }, [{ rank: 'desc' }, { id: 'desc' }])).toBe(
    'SEARCH d1 USING INDEX d1_2 (f0=? AND f4=?)',
  );
});

test('a range on the second field of a composite index is a range in SQLite', () => {
  expect(planOf({ open: { $eq: true }, rank: { $gt: 2 } }, [{ rank: 'asc' }])).toBe(
    'SEARCH d1 USING INDEX d1_2 (f0=? AND f4=? AND f3>?)',
  );
});

test('ids are looked up, whatever else is asked, and never searched through all that is alive', () => {
  expect(planOf({ id: { $in: ['a', 'b'] } })).toContain('USING INDEX sqlite_autoindex_d1_1 (id=?)');
  expect(planOf({ id: { $eq: 'a' } }, [{ rank: 'asc' }])).toContain('USING INDEX sqlite_autoindex_d1_1 (id=?)');
  expect(planOf({}, [{ id: 'asc' }])).toBe('SCAN d1 USING INDEX sqlite_autoindex_d1_1');
});
