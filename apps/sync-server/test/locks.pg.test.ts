import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { holdScopes } from '../src/db/scope-lock.ts';
import { startTestDesk, type TestDesk } from './desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk();
});
afterAll(() => desk.close());

async function waitForSomebodyWaiting(): Promise<void> {
  await vi.waitFor(async () => {
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`.execute(
      desk.database.db,
    );
    expect(rows[0]?.n).toBe(1);
  });
}

test('teams of a channel change while a reply through it is being written: both go through', async () => {
  const { body: team } = await desk.admin.call('POST', '/api/teams', { name: 'Night' });
  const { patch } = await desk.database.db.transaction().execute(async (tx) => {
    await holdScopes(tx);
    const patching = desk.admin.call('PATCH', `/api/channels/${desk.channelId}`, { teamIds: [team.id] });
    await waitForSomebodyWaiting();
    await tx
      .insertInto('effects')
      .values({
        ...{ key: 'send:x', kind: 'send-message', account_id: desk.channelId, message_id: 'x', conversation_id: 'x' },
        ...{ state: 'done', next_at: 0, node: null, lease_until: null, external_id: null, answer: null },
        ...{ created_at: 0, updated_at: 0 },
      })
      .execute();
    return { patch: patching };
  });
  expect((await patch).status).toBe(200);
});
