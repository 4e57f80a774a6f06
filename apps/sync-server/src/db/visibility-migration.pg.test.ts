import { expect, onTestFinished, test } from 'vitest';
import { insertAccount } from '../../test/accounts.ts';
import { createEmptyDatabase } from '../../test/database.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder, seedDocuments } from '../../test/documents.ts';
import { applyMigrations, latestVersion, readSchemaVersion } from './migrate.ts';

test('[R15] a desk of before gets its readers per document, mentions of its notes included', async () => {
  const database = await createEmptyDatabase();
  const client = await database.pool.connect();
  onTestFinished(async () => {
    client.release();
    await database.close();
  });
  const { db } = database;
  await readSchemaVersion(client);
  await applyMigrations(client, 0, 2);
  await insertAccount(db, { id: 'mail', family: 'channel', kind: 'json', teamIds: ['vip'] });
  await insertAccount(db, { id: 'shop', family: 'store', kind: 'json', teamIds: [] });
  const note = { id: 'note', conversationId: 'con', channelAccountId: 'mail', kind: 'note' as const };
  await seedDocuments(db, {
    scopes: ['team:vip'],
    customers: [buildCustomer({ id: 'cus' }), buildCustomer({ id: 'alone' })],
    conversations: [
      buildConversation({ id: 'con', channelAccountId: 'mail', customerId: 'cus', assigneeId: 'sam' }),
      buildConversation({ id: 'quiet', channelAccountId: 'mail', customerId: 'cus' }),
    ],
    messages: [buildMessage({ ...note, mentions: ['mei', 'sam'] })],
    orders: [buildOrder({ id: 'ord', storeId: 'shop', customerId: 'cus' })],
  });
  // More than one step of the migration.
  await client.query(`insert into change_log (collection, id, scope_left, seq, created_seq, scopes, deleted, removed, at)
    select 'directory', 'd' || n, '', 10000 + n, 10000 + n, '{desk}', false, false, 1 from generate_series(1, 1500) n`);

  await applyMigrations(client, 2, await latestVersion());

  const rows = await db.selectFrom('change_log').select(['id', 'scopes']).execute();
  const scopesOf = (id: string) => [...(rows.find((row) => row.id === id)?.scopes ?? [])].sort();
  const ofConversation = ['agent:mei', 'agent:sam', 'all', 'team:vip'];
  expect(scopesOf('con')).toEqual(ofConversation);
  expect(scopesOf('note')).toEqual(ofConversation);
  expect(scopesOf('quiet')).toEqual(['all', 'team:vip']);
  expect(scopesOf('ord')).toEqual([...ofConversation.slice(0, 3), 'desk', 'team:vip']);
  expect(scopesOf('cus')).toEqual([...ofConversation.slice(0, 3), 'desk', 'team:vip']);
  expect(scopesOf('alone')).toEqual(['all', 'team:vip']);
  expect(scopesOf('d1500')).toEqual(['all', 'desk']);
  const { doc } = await db.selectFrom('conversations').select('doc').where('id', '=', 'con').executeTakeFirstOrThrow();
  expect(doc.mentionedIds).toEqual(['mei', 'sam']);
});
