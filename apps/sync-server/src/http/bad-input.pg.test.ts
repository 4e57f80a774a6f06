import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await startTestApi();
  token = api.tokens.admin;
});
afterAll(() => api.close());

test.each([
  ['/api/conversations?limit=999', 'limit'],
  ['/api/conversations?limit=0', 'limit'],
  ['/api/conversations?limit=', 'limit'],
  ['/api/conversations?limit=1.5', 'limit'],
  ['/api/conversations?limit=5&limit=6', 'limit'],
  ['/api/conversations?order=', 'order'],
  ['/api/conversations?order=up', 'order'],
  ['/api/conversations?status=foo', 'status'],
  ['/api/conversations?status=open&status=pending', 'status'],
  ['/api/conversations?updatedAfter=yesterday', 'updatedAfter'],
  ['/api/conversations?cursor=abc', 'cursor'],
  ['/api/conversations?cursor=', 'cursor'],
  ['/api/conversations?conversationId=x', 'conversationId'],
  ['/api/conversations?tag=a%00b', 'tag'],
  ['/api/conversations?q=%00', 'q'],
  ['/api/orders?includeDeleted=yes', 'includeDeleted'],
  ['/api/inbound-events?state=lost', 'state'],
  ['/api/audit?limit=201', 'limit'],
  ['/api/invites?state=open', 'state'],
  ['/api/sessions?agentId=', 'agentId'],
])('%s names the field', async (path, field) => {
  const { status, body, headers } = await api.call('GET', path, { token });
  expect(status).toBe(400);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body.type).toBe('urn:tradewind:bad-input');
  expect(body.errors[0].path).toBe(field);
});

test.each([
  ['GET', '/api/conversations/%00', 400],
  ['GET', '/api/orders/a%00b', 400],
  ['GET', '/api/customers/%E0%A4%A', 400],
  ['GET', '/api/attachments/%00', 400],
  ['GET', '/api/inbound-events/1e9', 404],
  ['GET', '/api/inbound-events/99999999999999999999', 404],
  ['GET', '/api/nothing', 404],
  ['POST', '/api/nothing', 404],
  ['GET', '/api', 404],
  ['GET', '/api/%E0%A4%A', 404],
  ['GET', '/nothing.js', 404],
  ['GET', '/%00', 404],
  ['POST', '/', 404],
  ['DELETE', '/api/orders', 405],
  ['PUT', '/api/channels/x', 405],
  ['GET', '/api/auth/login', 405],
  ['GET', '/api/auth/reset', 405],
  ['PUT', '/api/setup', 405],
  ['POST', '/api/setup', 400],
  ['POST', '/api/auth/forgot', 400],
  ['POST', '/api/auth/totp/enable', 400],
  ['DELETE', '/api/auth/totp', 400],
  ['GET', '/api/invites/by-token/%00', 400],
  ['GET', '/api/invites/by-token/%E0%A4%A', 400],
  ['GET', `/api/invites/by-token/${'x'.repeat(201)}`, 400],
  ['GET', '/api/invites/by-token/x', 404],
  ['POST', '/api/invites/by-token/x/accept', 400],
  ['DELETE', '/api/invites/%00', 400],
  ['POST', '/api/agents/%00/reset-link', 400],
  ['DELETE', '/api/agents/x/totp', 404],
])('%s %s is answered %i', async (method, path, expected) => {
  const { status, body } = await api.call(method, path, { token });
  expect(status, JSON.stringify(body)).toBe(expected);
  expect(body.status).toBe(expected);
});

test('405 says what is allowed', async () => {
  expect((await api.call('DELETE', '/api/channels', { token })).headers.get('allow')).toBe('GET, HEAD, POST');
});

const json = { 'content-type': 'application/json' };

test.each([
  ['broken JSON', '{"name":', json, 400],
  ['a list', '[]', json, 400],
  ['null', 'null', json, 400],
  ['text', '"x"', json, 400],
  ['nothing', undefined, json, 400],
  ['U+0000', JSON.stringify({ name: 'a\u0000b' }), json, 400],
  ['U+0000 in a key', JSON.stringify({ 'a\u0000': 1 }), json, 400],
  ['half a surrogate pair', '{"name":"\\ud800"}', json, 400],
  ['a megabyte of brackets', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, json, 400],
  ['__proto__', '{"__proto__":{"name":"x"}}', json, 400],
  ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['another character set', '{}', { 'content-type': 'application/json; charset=nonsense' }, 415],
  ['another encoding', 'x', { ...json, 'content-encoding': 'nonsense' }, 415],
  ['a body that is not gzip', '{}', { ...json, 'content-encoding': 'gzip' }, 400],
  ['2 MB and more', JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) }), json, 413],
])('a body of %s', async (_what, body, headers, expected) => {
  const answer = await api.call('POST', '/api/teams', { token, headers, ...(body === undefined ? {} : { body }) });
  expect(answer.status, answer.text).toBe(expected);
  expect(answer.body.type).toMatch(/^urn:tradewind:/);
});

test.each([
  ['/api/setup', 'name'],
  ['/api/auth/forgot', 'email'],
  ['/api/auth/reset', 'token'],
  ['/api/auth/login', 'password'],
  [`/api/invites/by-token/tw_${'A'.repeat(43)}/accept`, 'name'],
])('%s refuses hostile text by name, without a session', async (path, field) => {
  for (const text of ['a\u0000b', '\ud800', 'x'.repeat(100_000), ['list'], { toString: 'x' }, null, 5]) {
    const { status, body } = await api.call('POST', path, { body: { [field]: text } });
    expect(status, JSON.stringify(text).slice(0, 50)).toBe(400);
    expect(body.errors.map((one: { path: string }) => one.path)).toContain(field);
  }
});

test('[R3] a body is not read before the session is known', async () => {
  const body = JSON.stringify({ name: 'x'.repeat(3 * 1024 * 1024) });
  expect((await api.call('POST', '/api/teams', { headers: json, body })).status).toBe(401);
});

test('a cursor is good for its own filters and order only', async () => {
  const list = (query: string) => api.call('GET', `/api/teams?limit=1${query}`, { token });
  const { nextCursor } = (await list('')).body;
  expect((await list(`&cursor=${nextCursor}`)).status).toBe(200);
  expect((await list(`&order=asc&cursor=${nextCursor}`)).status).toBe(400);
  expect((await api.call('GET', `/api/agents?limit=1&cursor=${nextCursor}`, { token })).status).toBe(400);
});

test('a fault of ours tells an id that stands in the log, and nothing else', async () => {
  await api.db.schema.alterTable('login_failures').renameTo('away').execute();
  const { status, body, text } = await api.call('POST', '/api/auth/login', { body: { email: 'a@b.c', password: 'x' } });
  await api.db.schema.alterTable('away').renameTo('login_failures').execute();
  expect(status).toBe(500);
  expect(api.logged()).toContain(body.errorId);
  expect(text).not.toContain('login_failures');
});
