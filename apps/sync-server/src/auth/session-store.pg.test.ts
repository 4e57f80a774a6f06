import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { ChangeBus } from '../replication/change-log.ts';
import { LiveFeed } from '../replication/live-feed.ts';
import { SessionStore } from './session-store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('[R15] ending a session makes other nodes look at the sockets of its agent', async () => {
  const { db } = database;
  await db
    .insertInto('agents')
    .values({ id: 'mei', email: 'mei@x.example', name: 'Mei', password_hash: '', role: 'agent', created_at: 1 })
    .execute();
  const looked: string[] = [];
  const elsewhere = new LiveFeed({
    ...{ db, bus: new ChangeBus(), deskId: 'desk', log: pino({ level: 'silent' }), now: Date.now },
    send: () => undefined,
    onDirectoryChange: async (ids) => void looked.push(...ids),
  });
  await elsewhere.start();
  elsewhere.join({ id: 'sam', email: '', name: '', role: 'agent', teamIds: [], accessVersion: 1 });
  const sessions = new SessionStore(db, Date.now);
  const create = () =>
    db.transaction().execute((tx) => sessions.create(tx, 'mei', { userAgent: '', address: '127.0.0.1' }));
  const [one, two] = [await create(), await create()];
  await sessions.end(one.sessionId, null, 'agent:mei', 'logout');
  await expect.poll(() => looked).toEqual(['mei']);
  await create();
  expect(await sessions.endOthers('mei', two.sessionId, 'agent:mei')).toBe(1);
  await expect.poll(() => looked).toEqual(['mei', 'mei']);
  elsewhere.stop();
});
