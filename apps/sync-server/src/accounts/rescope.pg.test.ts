import { setTimeout as sleep } from 'node:timers/promises';
import { createUuidV7 } from '@tradewind/shared/ids';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectJsonAccount, insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { InboundEvent } from '../connector.ts';
import type { FileStore } from '../files/file-store.ts';
import { Inbox } from '../ingest/inbox.ts';
import { createMetrics } from '../observability/metrics.ts';
import { ProcessingEngine } from '../processing/engine.ts';
import { ChangeBus } from '../replication/change-log.ts';
import type { AccountDirectory } from './account-directory.ts';
import { rescopeAccount } from './rescope.ts';

let database: TestDatabase;
const open = connectJsonAccount({ id: 'open', laneNo: 1 });
const vip = connectJsonAccount({ id: 'vip', laneNo: 2, teamIds: ['vip'] });
beforeAll(async () => {
  database = await createTestDatabase();
  for (const account of [open, vip]) await insertAccount(database.db, account);
});
afterAll(() => database.close());

async function receive(account: typeof open, id: string, attachments: unknown[] = []): Promise<void> {
  const address = { name: '', address: 'li@example.com' };
  const event = {
    ...{ type: 'message', medium: 'mail', externalId: id, sender: { kind: 'email', value: address.address, name: '' } },
    ...{ from: address, to: [], cc: [], replyTo: [], subject: '', text: '', html: null, references: [], sentAt: 1 },
    attachments,
  } as InboundEvent;
  const raw = { topic: 'test', dedupeKey: null, lane: 1, pathSuffix: '', headers: {}, bodySha256: null };
  const body = Buffer.from(JSON.stringify([event]));
  await new Inbox(database.pool, () => undefined).store({
    ...raw,
    accountId: account.id,
    body,
    receivedAt: 1,
    oneTimeToken: null,
  });
}

test('[R15] a batch under way never gives a customer back the readers that an account has just lost', async () => {
  const { db } = database;
  const storing = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const engine = new ProcessingEngine({
    db,
    accounts: { get: () => undefined } as unknown as AccountDirectory,
    files: {
      storeFile: async () => {
        storing.resolve();
        await goOn.promise;
        return { sha256: 'a'.repeat(64), sizeBytes: 1 };
      },
    } as unknown as FileStore,
    bus: new ChangeBus(),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now: Date.now,
    createId: () => createUuidV7(),
    askForOrder: () => undefined,
  });
  await receive(open, '<1@x>');
  await engine.processBatch(open, [1]);
  // The same person writes to another account; that batch has read who he is, and now stores a file.
  await receive(vip, '<2@x>', [{ name: 'a', contentType: 'text/plain', contentId: null, source: { content: 'x' } }]);
  const batch = engine.processBatch(vip, [1]);
  await storing.promise;
  const rescoped = db.transaction().execute(async (tx) => {
    await tx
      .updateTable('accounts')
      .set({ team_ids: ['closed'] })
      .where('id', '=', 'open')
      .execute();
    await rescopeAccount(tx, 'open', [], ['closed']);
  });
  await sleep(100);
  goOn.resolve();
  await Promise.all([batch, rescoped]);
  const customer = await db
    .selectFrom('change_log')
    .select('scopes')
    .where('collection', '=', 'customer')
    .executeTakeFirstOrThrow();
  expect([...customer.scopes].sort()).toEqual(['all', 'team:closed', 'team:vip']);
});
