import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connectJsonAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import { Inbox } from '../ingest/inbox.ts';
import type { ProcessingEngine } from './engine.ts';
import { LaneScheduler } from './scheduler.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('[R1] an event whose hint was lost is found although other accounts never let the desk rest', async () => {
  const event = { topic: 'test', dedupeKey: null, pathSuffix: '', headers: {}, body: null, bodySha256: null };
  const inbox = new Inbox(database.pool, () => undefined);
  for (const lane of [3, 5]) {
    await inbox.store({ ...event, accountId: 'forgotten', lane, receivedAt: 1, oneTimeToken: null });
  }
  const served = new Set<string>();
  const engine: Pick<ProcessingEngine, 'processBatch'> = {
    processBatch: async (account, lanes) => {
      for (const lane of lanes) served.add(`${account.id} ${lane}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { taken: 1, more: account.id !== 'forgotten' }; // the busy one always has more
    },
  };
  const accounts = { get: (id: string) => connectJsonAccount({ id }) } as unknown as AccountDirectory;
  const scheduler = new LaneScheduler(engine as ProcessingEngine, accounts, database.db, pino({ level: 'silent' }));
  for (let lane = 0; lane < 64; lane++) scheduler.wake('busy', lane);
  scheduler.start();
  await vi.waitFor(() => expect([...served]).toEqual(expect.arrayContaining(['forgotten 3', 'forgotten 5'])));
  await scheduler.stop();
});
