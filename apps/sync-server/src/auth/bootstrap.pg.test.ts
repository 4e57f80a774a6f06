import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { prepareDesk } from './bootstrap.ts';
import { verifyPassword } from './password.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const now = () => 1_800_000_000_000;
const admin = { email: 'root@example.com', password: 'long enough' };
const options = { mode: 'desk', keyFingerprint: 'k1', admin, now } as const;

test('two servers that start at once make one desk and one admin', async () => {
  const [one, other] = await Promise.all([prepareDesk(database.db, options), prepareDesk(database.db, options)]);
  expect(one).toEqual(other);
  const agents = await database.db.selectFrom('agents').selectAll().execute();
  expect(agents).toHaveLength(1);
  expect(agents[0]).toMatchObject({ email: 'root@example.com', role: 'admin', disabled: false });
  expect(await verifyPassword('long enough', agents[0]?.password_hash ?? null)).toBe('match');
  expect(await database.db.selectFrom('change_log').select('collection').execute()).toEqual([
    { collection: 'directory' },
  ]);
});

test('the admin variables make nobody once there is an agent', async () => {
  await prepareDesk(database.db, { ...options, admin: { email: 'second@example.com', password: 'long enough' } });
  expect(await database.db.selectFrom('agents').select('email').execute()).toEqual([{ email: 'root@example.com' }]);
});

test('[R16] another key and another mode are refused with one sentence', async () => {
  await expect(prepareDesk(database.db, { ...options, keyFingerprint: 'k2' })).rejects.toThrow(
    /^The secret key is not the one[^\n]+$/,
  );
  await expect(prepareDesk(database.db, { ...options, mode: 'demo' })).rejects.toThrow(/--no-demo/);
});
