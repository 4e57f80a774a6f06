import { digestOf, digestSchema, type SnapshotItem, snapshotPageSchema } from '@tradewind/shared/protocol/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAccount } from './accounts.ts';
import { startTestDesk, type TestDesk } from './desk.ts';
import { buildConversation, buildCustomer, buildMessage, seedDocuments } from './documents.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk();
  await seedDocuments(desk.database.db, {
    scopes: ['desk'],
    customers: [buildCustomer({ id: 'cu' })],
    conversations: [buildConversation({ id: 'co', channelAccountId: desk.channelId, customerId: 'cu' })],
    messages: [1, 2, 3].map((n) =>
      buildMessage({ id: `m-${n}`, conversationId: 'co', channelAccountId: desk.channelId, sentAt: n }),
    ),
  });
  await insertAccount(desk.database.db, { id: 'closed', family: 'channel', kind: 'json', teamIds: ['none'] });
  await seedDocuments(desk.database.db, {
    scopes: ['team:none'],
    conversations: [buildConversation({ id: 'secret', channelAccountId: 'closed' })],
  });
});
afterAll(() => desk.close());

test('the parts come over HTTP page by page, each as the schema says', async () => {
  const items: SnapshotItem[] = [];
  for (let cursor = ''; ; ) {
    const { status, body } = await desk.mei.call('GET', `/api/sync/snapshot?part=open&limit=2${cursor}`);
    expect(status).toBe(200);
    const page = snapshotPageSchema.parse(body);
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  const mine = items.filter((item) => item.collection !== 'directory');
  expect(mine.map((item) => item.id)).toEqual(['co', 'cu', 'm-3', 'm-2', 'm-1']);
  expect(items.length).toBeGreaterThan(mine.length);
  expect(items.find((item) => item.id === 'm-1')?.doc).toMatchObject({
    createdSeq: items.find((item) => item.id === 'm-1')?.createdSeq,
  });
});

test('[R6] what the pages gave has the digest the server tells', async () => {
  const { checkpoint, changes } = await desk.mei.get('/api/sync/changes?limit=5000');
  const { body } = await desk.mei.call('GET', `/api/sync/digest?checkpoint=${checkpoint}`);
  const { ranges } = digestSchema.parse(body);
  for (const collection of ['conversation', 'message', 'directory']) {
    const held = changes.filter((change: SnapshotItem) => change.collection === collection);
    expect(ranges.filter((range) => range.collection === collection)).toMatchObject([
      { count: held.length, hash: digestOf(held) },
    ]);
  }
});

test.each([
  ['/api/sync/snapshot', 400],
  ['/api/sync/snapshot?part=everything', 400],
  ['/api/sync/snapshot?part=open&cursor=x', 400],
  ['/api/sync/snapshot?part=open&limit=5001', 400],
  ['/api/sync/snapshot?part=range:message:1', 400],
  ['/api/sync/snapshot?part=range:secret:1:2', 400],
  ['/api/sync/snapshot?part=open&accessVersion=99', 409],
  ['/api/sync/snapshot?part=conversation:none', 404],
  ['/api/sync/snapshot?part=conversation:secret', 404],
  ['/api/sync/snapshot?part=scope:team:none', 403],
  ['/api/sync/snapshot?part=scope:all', 403],
  ['/api/sync/digest', 400],
  ['/api/sync/digest?checkpoint=x', 400],
])('[R15] %s is answered %i', async (path, status) => {
  expect((await desk.mei.call('GET', path)).status).toBe(status);
});
