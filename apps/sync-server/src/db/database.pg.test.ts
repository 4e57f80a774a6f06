import { once } from 'node:events';
import { expect, inject, test } from 'vitest';
import '../../test/database.ts';
import { openDatabase } from './database.ts';

test('a connection that breaks is told; one that is cut while it closes is not', async () => {
  const told: Error[] = [];
  const { pool, close } = openDatabase(inject('postgresUrl'), { onIdleError: (error) => told.push(error) });
  const client = await pool.connect();
  const broken = once(client, 'error');
  await pool.query('select pg_terminate_backend($1)', [
    (await client.query('select pg_backend_pid() as pid')).rows[0].pid,
  ]);
  await broken;
  client.release(true);
  expect(told.map((error) => error.message)).toContain('terminating connection due to administrator command');

  const last = await pool.connect();
  const count = told.length;
  const closed = close();
  last.emit('error', new Error('terminating connection due to administrator command'));
  last.release();
  await closed;
  expect(told).toHaveLength(count);
});
