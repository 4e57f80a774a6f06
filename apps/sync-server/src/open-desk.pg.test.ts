import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEmptyDatabase } from '../test/database.ts';
import { KEY_FILE } from './accounts/secret-box.ts';
import { createLogger } from './observability/logger.ts';
import { openDesk } from './open-desk.ts';

test('a desk whose key is missing says so, and gets no other one', async () => {
  const server = await createEmptyDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'tradewind-desk-'));
  onTestFinished(async () => {
    await server.close();
    await rm(dataDir, { recursive: true });
  });
  const options = { databaseUrl: server.connectionString, dataDir, log: createLogger('silent'), now: Date.now };
  const config = { mode: 'desk', admin: null, secretKey: null } as const;

  const first = await openDesk(config, options);
  await first.database.close();
  expect(await readdir(dataDir)).toEqual([KEY_FILE]);

  await rm(join(dataDir, KEY_FILE));
  await expect(openDesk(config, options)).rejects.toThrow(`put ${join(dataDir, KEY_FILE)} back (mode 600)`);
  expect(await readdir(dataDir)).toEqual([]);
  const { rows } = await server.pool.query(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  expect(rows).toEqual([]); // a failed start leaves no connection

  const again = await openDesk({ ...config, secretKey: first.key.toString('base64') }, options);
  expect(again.desk.id).toBe(first.desk.id);
  await again.database.close();
});
