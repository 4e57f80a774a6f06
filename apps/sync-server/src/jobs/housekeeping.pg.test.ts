import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { purgeExpired, TOKEN_RETENTION_MS } from './housekeeping.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('[R3] old tokens are forgotten in slices, young ones never', async () => {
  const { db } = database;
  const now = 1_800_000_000_000;
  await sql`
    insert into used_tokens (account_id, token, content_hash, seen_at)
    select 'mail', 'old-' || n, ''::bytea, ${now - TOKEN_RETENTION_MS - 1}::bigint from generate_series(1, 60000) n
    union all select 'mail', 'young', '', ${now - TOKEN_RETENTION_MS + 1}::bigint`.execute(db);
  expect(await purgeExpired(db, now)).toBe(false);
  expect(await purgeExpired(db, now)).toBe(true);
  expect(await db.selectFrom('used_tokens').select('token').execute()).toEqual([{ token: 'young' }]);
});
