import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAccount } from '../../test/accounts.ts';
import { startTestApi, type TestApi } from '../../test/api.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder, seedDocuments } from '../../test/documents.ts';

let api: TestApi;
let token: string;

beforeAll(async () => {
  api = await startTestApi();
  token = api.tokens.ana;
  await insertAccount(api.db, { id: 'mail', family: 'channel', kind: 'json' });
  await insertAccount(api.db, { id: 'shop', family: 'store', kind: 'json' });
  const numbers = Array.from({ length: 23 }, (_, index) => String(index).padStart(2, '0'));
  await seedDocuments(api.db, {
    scopes: ['desk'],
    customers: [
      buildCustomer({ id: 'c1', name: 'Zoë 100%', emails: ['zoe@example.com'] }),
      buildCustomer({ id: 'c2', name: 'Yan' }),
    ],
    conversations: numbers.map((number, index) =>
      buildConversation({
        id: `v${number}`,
        channelAccountId: 'mail',
        customerId: index === 3 ? 'c1' : 'c2',
        subject: `Subject ${number}`,
        // Three share each instant: the id decides among them.
        lastMessageAt: Math.floor(index / 3),
        status: index === 5 ? 'resolved' : 'pending',
        assigneeId: index === 6 ? 'ana' : null,
        tags: index === 7 ? ['vip'] : [],
      }),
    ),
    messages: [
      ...['first', 'second', 'third'].map((text, index) =>
        buildMessage({
          id: `m${index}`,
          conversationId: 'v00',
          channelAccountId: 'mail',
          externalId: `<${text}@x>`,
          text: `${text} 包裹`,
          sentAt: index === 2 ? 1 : index,
        }),
      ),
    ],
    orders: [
      buildOrder({ id: 'o1', storeId: 'shop', externalId: '900', number: '#1001', placedAt: 1, customerId: 'c1' }),
      buildOrder({ id: 'o2', storeId: 'shop', externalId: '901', number: '#1002', placedAt: 2 }),
      buildOrder({ id: 'o3', storeId: 'shop', externalId: '902', number: '#1003', placedAt: 3, deleted: true }),
    ],
  });
});
afterAll(() => api.close());

async function idsOf(path: string): Promise<string[]> {
  const { status, body } = await api.call('GET', path, { token });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map((item: { id: string }) => item.id);
}

test.each(['asc', 'desc'])('pages put together are the whole list, in order: %s', async (order) => {
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body } = await api.call('GET', `/api/conversations?limit=5&order=${order}${cursor}`, { token });
    seen.push(...body.items.map((item: { id: string }) => item.id));
    expect(body.items.length).toBeLessThanOrEqual(5);
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  const expected = Array.from({ length: 23 }, (_, index) => `v${String(index).padStart(2, '0')}`);
  expect(seen).toEqual(order === 'asc' ? expected : expected.reverse());
});

test('a page goes on where it ended, whatever was inserted before it', async () => {
  const first = (await api.call('GET', '/api/customers?limit=1', { token })).body;
  await seedDocuments(api.db, { scopes: ['desk'], customers: [buildCustomer({ id: 'c9' })] });
  const second = (await api.call('GET', `/api/customers?limit=1&cursor=${first.nextCursor}`, { token })).body;
  expect([...first.items, ...second.items].map((item) => item.id)).toEqual(['c2', 'c1']);
});

test('filters', async () => {
  expect(await idsOf('/api/conversations?status=resolved')).toEqual(['v05']);
  expect(await idsOf('/api/conversations?assigneeId=ana')).toEqual(['v06']);
  expect(await idsOf('/api/conversations?tag=vip')).toEqual(['v07']);
  expect(await idsOf('/api/conversations?customerId=c1')).toEqual(['v03']);
  expect(await idsOf('/api/conversations?channelAccountId=other')).toEqual([]);
  expect(await idsOf('/api/conversations?updatedAfter=1')).toEqual([]);
  expect(await idsOf('/api/conversations?updatedAfter=0&limit=1')).toEqual(['v22']);
  expect(await idsOf('/api/customers?email=ZOE@example.com')).toEqual(['c1']);
});

test('a list without filters returns every status', async () => {
  expect(await idsOf('/api/conversations?limit=200')).toHaveLength(23);
});

test('words are searched in subject, customer name and text, with % and _ as they are', async () => {
  expect(await idsOf('/api/conversations?q=subject%2003')).toEqual(['v03']);
  expect(await idsOf('/api/conversations?q=zo%C3%AB')).toEqual(['v03']);
  expect(await idsOf(`/api/conversations?q=${encodeURIComponent('包裹')}`)).toEqual(['v00']);
  expect(await idsOf('/api/conversations?q=100%25')).toEqual(['v03']);
  expect(await idsOf('/api/conversations?q=S_bject')).toEqual([]);
  expect(await idsOf('/api/conversations?q=%5C')).toEqual([]);
});

test('a thread is in the order of display: time, then place in the change log', async () => {
  expect(await idsOf('/api/conversations/v00/messages')).toEqual(['m0', 'm1', 'm2']);
  expect(await idsOf('/api/conversations/v00/messages?order=desc&limit=2')).toEqual(['m2', 'm1']);
});

test('a message is found by its external id, with and without brackets', async () => {
  expect(await idsOf(`/api/messages?externalId=${encodeURIComponent('<second@x>')}`)).toEqual(['m1']);
  expect(await idsOf('/api/messages?externalId=second@x&channelAccountId=mail')).toEqual(['m1']);
});

test('orders: newest first, by number with and without its sign, deleted ones on demand', async () => {
  expect(await idsOf('/api/orders')).toEqual(['o2', 'o1']);
  expect(await idsOf('/api/orders?includeDeleted=true')).toEqual(['o3', 'o2', 'o1']);
  expect(await idsOf('/api/orders?number=1001')).toEqual(['o1']);
  expect(await idsOf('/api/orders?number=%231001')).toEqual(['o1']);
  expect(await idsOf('/api/orders?storeId=shop&externalId=901')).toEqual(['o2']);
  expect(await idsOf('/api/orders?customerId=c1')).toEqual(['o1']);
});

test('documents carry the createdSeq of the change log', async () => {
  const { body } = await api.call('GET', '/api/orders/o2', { token });
  const row = await api.db
    .selectFrom('change_log')
    .select('created_seq')
    .where('id', '=', 'o2')
    .executeTakeFirstOrThrow();
  expect(body.createdSeq).toBe(row.created_seq);
  expect(body.createdSeq).toBeGreaterThan(0);
  expect((await api.call('GET', '/api/orders?externalId=901', { token })).body.items[0]).toEqual(body);
});

test('[R4] a dead letter is listed, shown without credentials, replayed once, and audited', async () => {
  const admin = api.tokens.admin;
  const event = await api.db
    .insertInto('inbound_events')
    .values({
      account_id: 'mail',
      topic: 'inbound',
      path_suffix: '',
      headers: JSON.stringify({ 'content-type': 'text/plain', 'x-signature': 'hush', authorization: 'Basic aHVzaA==' }),
      body: Buffer.from('it came'),
      received_at: 5,
      dedupe_key: null,
      body_sha256: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await api.db
    .insertInto('inbound_states')
    .values({ event_id: event.id, account_id: 'mail', lane: 7, state: 'dead', reason: 'no sender', at: 6 })
    .execute();
  const listed = (await api.call('GET', '/api/dead-letters', { token: admin })).body.items;
  expect(listed).toEqual([
    {
      id: String(event.id),
      accountId: 'mail',
      topic: 'inbound',
      dedupeKey: null,
      pathSuffix: '',
      state: 'dead',
      reason: 'no sender',
      receivedAt: 5,
      stateAt: 6,
    },
  ]);
  const shown = await api.call('GET', `/api/inbound-events/${event.id}`, { token: admin });
  expect(shown.body.body).toEqual({ encoding: 'utf8', content: 'it came', sizeBytes: 7, truncated: false });
  expect(shown.text).not.toMatch(/hush|aHVzaA/);
  const replayed = await Promise.all(
    [1, 2].map(() => api.call('POST', `/api/dead-letters/${event.id}/replay`, { token: admin })),
  );
  expect(replayed.map((answer) => answer.status).sort()).toEqual([200, 409]);
  expect(api.woken).toEqual([{ accountId: 'mail', lane: 7 }]);
  const audited = (await api.call('GET', '/api/audit?action=dead-letter.replay', { token: admin })).body.items;
  expect(audited).toHaveLength(1);
  expect(audited[0]).toMatchObject({ actor: 'agent:admin', target: `inbound-event:${event.id}` });
  expect(
    (await api.call('GET', '/api/inbound-events?state=pending&accountId=mail', { token: admin })).body.items,
  ).toHaveLength(1);
  expect((await api.call('POST', '/api/dead-letters/999/replay', { token: admin })).status).toBe(404);
});
