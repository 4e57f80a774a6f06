import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAccount } from '../../test/accounts.ts';
import { startTestApi, type TestApi } from '../../test/api.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder, seedDocuments } from '../../test/documents.ts';

let api: TestApi;

/** Everything `team-a` may see and `team-b` may not has ids that end in `-a`; what everybody sees ends in `-all`. */
beforeAll(async () => {
  api = await startTestApi();
  const { db } = api;
  for (const [suffix, teamIds, scopes] of [
    ['a', ['team-a'], ['team:team-a']],
    ['all', [], ['desk']],
  ] as const) {
    await insertAccount(db, { id: `mail-${suffix}`, family: 'channel', kind: 'json', teamIds });
    await insertAccount(db, { id: `shop-${suffix}`, family: 'store', kind: 'json', teamIds });
    await seedDocuments(db, {
      scopes: [...scopes],
      customers: [buildCustomer({ id: `cus-${suffix}` })],
      conversations: [
        buildConversation({
          id: `con-${suffix}`,
          channelAccountId: `mail-${suffix}`,
          customerId: `cus-${suffix}`,
          // Being assigned would open the closed one to him.
          assigneeId: suffix === 'all' ? 'ben' : null,
        }),
      ],
      messages: [
        buildMessage({ id: `mes-${suffix}`, conversationId: `con-${suffix}`, channelAccountId: `mail-${suffix}` }),
      ],
      orders: [buildOrder({ id: `ord-${suffix}`, storeId: `shop-${suffix}`, customerId: `cus-${suffix}` })],
    });
    const file = { sha256: suffix.padStart(64, '0'), size_bytes: 1, created_at: 1 };
    await db.insertInto('files').values(file).execute();
    await db
      .insertInto('attachments')
      .values({
        id: `att-${suffix}`,
        sha256: file.sha256,
        name: 'a.txt',
        content_type: 'text/plain',
        size_bytes: 1,
        conversation_id: `con-${suffix}`,
        created_at: 1,
      })
      .execute();
  }
});
afterAll(() => api.close());

const ADMIN_ROUTES = [
  'GET /api/channels',
  'POST /api/channels',
  'GET /api/channels/mail-a',
  'PATCH /api/channels/mail-a',
  'GET /api/stores',
  'POST /api/stores',
  'GET /api/stores/shop-a',
  'PATCH /api/stores/shop-a',
  'GET /api/agents',
  'POST /api/agents',
  'GET /api/agents/ana',
  'PATCH /api/agents/ana',
  'POST /api/agents/ana/reset-link',
  'DELETE /api/agents/ana/totp',
  'PATCH /api/desk',
  'GET /api/invites',
  'POST /api/invites',
  'DELETE /api/invites/x',
  'GET /api/teams',
  'POST /api/teams',
  'GET /api/teams/team-a',
  'PATCH /api/teams/team-a',
  'GET /api/inbound-events',
  'GET /api/inbound-events/1',
  'GET /api/dead-letters',
  'POST /api/dead-letters/1/replay',
  'GET /api/audit',
];

test.each(ADMIN_ROUTES)('[R15] an agent is refused: %s', async (route) => {
  const [method = '', path = ''] = route.split(' ');
  const options = { token: api.tokens.ana, ...(method === 'GET' ? {} : { body: {} }) };
  const { status, body } = await api.call(method, path, options);
  expect(status).toBe(403);
  expect(body.type).toBe('urn:tradewind:forbidden');
});

test('[R15] every route but those before a session and the API’s own description needs a session', async () => {
  const { paths } = (await api.call('GET', '/api/openapi.json')).body;
  const open: string[] = [];
  for (const [path, operations] of Object.entries(paths as Record<string, object>)) {
    for (const method of Object.keys(operations)) {
      const { status } = await api.call(
        method.toUpperCase(),
        path.replace('{id}', 'x'),
        method === 'get' ? {} : { body: {} },
      );
      if (status !== 401) open.push(`${method} ${path}`);
    }
  }
  expect(open.sort()).toEqual([
    'get /api/invites/by-token/{token}',
    'get /api/openapi.json',
    'get /api/setup',
    'post /api/auth/forgot',
    'post /api/auth/login',
    'post /api/auth/reset',
    'post /api/invites/by-token/{token}/accept',
    'post /api/setup',
  ]);
});

test('the description marks exactly the routes that refuse agents as for admins', async () => {
  const { paths } = (await api.call('GET', '/api/openapi.json')).body;
  const marked = Object.entries(paths as Record<string, Record<string, { description?: string }>>).flatMap(
    ([path, operations]) =>
      Object.entries(operations).flatMap(([method, one]) =>
        one.description === 'For admins.' ? [`${method} ${path}`] : [],
      ),
  );
  expect(marked).toHaveLength(ADMIN_ROUTES.length);
});

test.each([
  ['/api/conversations', ['con-a', 'con-all']],
  ['/api/messages', ['mes-a', 'mes-all']],
  ['/api/customers', ['cus-a', 'cus-all']],
  ['/api/orders', ['ord-a', 'ord-all']],
])('[R15] %s shows each reader his own', async (path, [own = '', shared = '']) => {
  const idsFor = async (token: string) => {
    const { body } = await api.call('GET', path, { token });
    return body.items.map((item: { id: string }) => item.id).sort();
  };
  expect(await idsFor(api.tokens.admin)).toEqual([own, shared]);
  expect(await idsFor(api.tokens.ana)).toEqual([own, shared]);
  expect(await idsFor(api.tokens.ben)).toEqual([shared]);
});

test.each([
  '/api/conversations/con-a',
  '/api/conversations/con-a/messages',
  '/api/messages/mes-a',
  '/api/customers/cus-a',
  '/api/orders/ord-a',
  '/api/attachments/att-a',
])('[R15] what one may not see looks like what is not there: %s', async (path) => {
  const hidden = await api.call('GET', path, { token: api.tokens.ben });
  const missing = await api.call('GET', path.replace('-a', '-x'), { token: api.tokens.ben });
  expect(hidden.status).toBe(404);
  expect(hidden.text).toBe(missing.text);
  if (!path.includes('attachments')) expect((await api.call('GET', path, { token: api.tokens.ana })).status).toBe(200);
});

test('[R15] a filter or search does not go around it', async () => {
  for (const query of [
    'customerId=cus-a',
    'channelAccountId=mail-a',
    'assigneeId=ben&channelAccountId=mail-a',
    'q=cus-a&channelAccountId=mail-a',
  ]) {
    expect((await api.call('GET', `/api/conversations?${query}`, { token: api.tokens.ben })).body.items).toEqual([]);
  }
  expect((await api.call('GET', '/api/messages?conversationId=con-a', { token: api.tokens.ben })).body.items).toEqual(
    [],
  );
});

test('[R15] counts count what the reader sees', async () => {
  const countsOf = async (token: string) => (await api.call('GET', '/api/counts', { token })).body;
  expect(await countsOf(api.tokens.ben)).toEqual({
    byStatus: { pending: 0, open: 1, snoozed: 0, resolved: 0 },
    mine: 1,
    unassigned: 0,
  });
  expect(await countsOf(api.tokens.ana)).toMatchObject({ byStatus: { open: 2 }, mine: 0 });
});

test('[R15] an account that changes its teams changes its readers, and consoles start over', async () => {
  const { db } = api;
  const channel = (
    await api.call('POST', '/api/channels', {
      token: api.tokens.admin,
      body: {
        kind: 'mailgun',
        name: 'Moving',
        config: { signingKey: 'k', domain: 'mg.example.com', fromAddress: 'm@example.com' },
        teamIds: ['team-a'],
      },
    })
  ).body;
  await seedDocuments(db, {
    scopes: ['team:team-a'],
    customers: [buildCustomer({ id: 'cus-move' })],
    conversations: [buildConversation({ id: 'con-move', channelAccountId: channel.id, customerId: 'cus-move' })],
    messages: [buildMessage({ id: 'mes-move', conversationId: 'con-move', channelAccountId: channel.id })],
  });
  const paths = ['/api/conversations/con-move', '/api/messages/mes-move', '/api/customers/cus-move'];
  const statusesFor = async (token: string) =>
    Promise.all(paths.map(async (path) => (await api.call('GET', path, { token })).status));
  expect(await statusesFor(api.tokens.ben)).toEqual([404, 404, 404]);
  const before = (await api.call('GET', '/api/me', { token: api.tokens.ben })).body.accessVersion;
  await api.call('PATCH', `/api/channels/${channel.id}`, { token: api.tokens.admin, body: { teamIds: ['team-b'] } });
  expect(await statusesFor(api.tokens.ben)).toEqual([200, 200, 200]);
  expect(await statusesFor(api.tokens.ana)).toEqual([404, 404, 404]);
  expect((await api.call('GET', '/api/me', { token: api.tokens.ben })).body.accessVersion).toBe(before + 1);
  const told = await db.selectFrom('change_log').select('id').where('collection', '=', 'directory').execute();
  expect(told.map((row) => row.id)).toEqual(expect.arrayContaining(['ana', 'ben', channel.id]));
});
