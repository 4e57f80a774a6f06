import { expect, test } from 'vitest';
import { latestVersion } from '../src/db/migrate.ts';
import { createTestDatabase } from './database.ts';

test('each test database is migrated and sees nothing of the others', async () => {
  const one = await createTestDatabase();
  const other = await createTestDatabase();
  await one.db.insertInto('teams').values({ id: 't1', name: 'Support', created_at: 1 }).execute();
  expect(await one.db.selectFrom('teams').select('name').execute()).toEqual([{ name: 'Support' }]);
  expect(await other.db.selectFrom('teams').select('name').execute()).toEqual([]);
  const versions = await other.pool.query('select max(version) as version from schema_version');
  expect(versions.rows[0].version).toBe(await latestVersion());
  await Promise.all([one.close(), other.close()]);
});
