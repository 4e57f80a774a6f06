import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildConversation, buildCustomer, buildOrder, seedDocuments } from '../../test/documents.ts';
import { appendChanges } from '../replication/change-log.ts';
import { UnitOfWork } from './unit-of-work.ts';
import { createWanted } from './wanted.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

test('[R15] an order that turns out to be somebody else’s no longer shows its first customer to the store’s readers', async () => {
  const { db } = database;
  await insertAccount(db, { id: 'mail', family: 'channel', kind: 'json', teamIds: ['mail'] });
  await insertAccount(db, { id: 'shop', family: 'store', kind: 'json', teamIds: ['shop'] });
  const order = buildOrder({ id: 'ord', storeId: 'shop', customerId: 'first' });
  await seedDocuments(db, {
    scopes: [],
    customers: [buildCustomer({ id: 'first' }), buildCustomer({ id: 'second' })],
    conversations: [buildConversation({ id: 'con', channelAccountId: 'mail', customerId: 'first' })],
    orders: [order],
  });
  const scopesOf = async (id: string) => {
    const row = db.selectFrom('change_log').select('scopes').where('id', '=', id).where('scope_left', '=', '');
    return [...(await row.executeTakeFirstOrThrow()).scopes].sort();
  };
  expect(await scopesOf('first')).toEqual(['all', 'team:mail', 'team:shop']);

  await db.transaction().execute(async (tx) => {
    const work = new UnitOfWork(tx, { id: 'shop', family: 'store', kind: 'json', teamIds: ['shop'] });
    const wanted = createWanted();
    wanted.orders.add(order.externalId);
    await work.load(wanted);
    work.putOrder({ ...order, customerId: 'second' });
    await appendChanges(tx, await work.save(1), 1);
  });
  expect(await scopesOf('first')).toEqual(['all', 'team:mail']);
  expect(await scopesOf('second')).toEqual(['all', 'team:shop']);
  expect(await scopesOf('ord')).toEqual(['all', 'team:shop']);
});
