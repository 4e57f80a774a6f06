import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startTestDesk } from './desk.ts';

test('the server ends within seconds although somebody holds a request open and the last numbers cannot be written', async () => {
  const desk = await startTestDesk();
  const { hostname, port } = new URL(desk.url);
  const slow = connect(Number(port), hostname);
  slow.on('error', () => undefined);
  slow.write(
    `POST /webhooks/mailgun/${desk.channelId} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nthe rest is late`,
  );
  await once(slow, 'connect');
  const refused = await fetch(`${desk.url}/webhooks/mailgun/${desk.channelId}`, { method: 'POST', body: 'unsigned' });
  expect(refused.ok).toBe(false); // counted, and not yet written
  await desk.database.pool.query('alter table accounts rename to accounts_away');
  const startedAt = Date.now();
  await desk.close();
  // Node itself would end the request after two minutes.
  expect(Date.now() - startedAt).toBeLessThan(30_000);
});
