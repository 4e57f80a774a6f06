import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await startTestApi();
  token = api.tokens.admin;
});
afterAll(() => api.close());

const SIGNING_KEY = 'signing-key-that-nobody-may-read';
const API_KEY = 'api-key-that-nobody-may-read';
const mailgun = {
  kind: 'mailgun',
  name: 'Support',
  config: { signingKey: SIGNING_KEY, apiKey: API_KEY, domain: 'mg.example.com', fromAddress: 'support@example.com' },
};

async function createChannel(more: object = {}) {
  return (await api.call('POST', '/api/channels', { token, body: { ...mailgun, ...more } })).body;
}

test('[R16] a channel is made, its secrets read back as "set" and lie encrypted', async () => {
  const { status, body, text } = await api.call('POST', '/api/channels', { token, body: mailgun });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    kind: 'mailgun',
    name: 'Support',
    teamIds: [],
    rejected: 0,
    lastRejectedAt: null,
    lastRejectReason: null,
    lastEventAt: null,
    webhookUrl: `https://desk.example.com/webhooks/mailgun/${body.id}`,
    config: { signingKey: 'set', apiKey: 'set', domain: 'mg.example.com' },
  });
  const list = await api.call('GET', '/api/channels', { token });
  const one = await api.call('GET', `/api/channels/${body.id}`, { token });
  const audit = await api.call('GET', '/api/audit', { token });
  const row = await api.db.selectFrom('accounts').selectAll().where('id', '=', body.id).executeTakeFirstOrThrow();
  const stored = JSON.stringify(row) + row.secrets.toString('latin1');
  for (const place of [text, list.text, one.text, audit.text, stored, api.logged()]) {
    expect(place).not.toContain(SIGNING_KEY);
    expect(place).not.toContain(API_KEY);
  }
  expect(one.body).toEqual(body);
  expect(api.accounts.get(body.id)?.ownAddress).toBe('support@example.com');
});

test('a change keeps secrets that are left out or "set", replaces new ones, and null clears an optional one', async () => {
  const { id } = await createChannel();
  const patch = (config: object) => api.call('PATCH', `/api/channels/${id}`, { token, body: { config } });
  expect((await patch({ domain: 'mg2.example.com', signingKey: 'set' })).body.config).toMatchObject({
    signingKey: 'set',
    apiKey: 'set',
    domain: 'mg2.example.com',
    fromAddress: 'support@example.com',
  });
  expect((await patch({ apiKey: null })).body.config.apiKey).toBeUndefined();
  const refused = await patch({ apiKey: 'set' });
  expect(refused.status).toBe(400);
  expect(refused.body.errors[0].path).toBe('config.apiKey');
  const missing = await patch({ signingKey: null });
  expect(missing.status).toBe(400);
  expect(missing.body.errors).toEqual([{ path: 'config.signingKey', message: 'is required' }]);
  const audit = await api.db.selectFrom('audit').selectAll().where('action', '=', 'channel.update').execute();
  expect(JSON.stringify(audit)).toContain('replacedSecrets');
});

test('every wrong field and unknown key is named', async () => {
  const { status, body, text } = await api.call('POST', '/api/channels', {
    token,
    body: { ...mailgun, config: { signingKey: SIGNING_KEY, domian: 'x', apiBaseUrl: 5 } },
  });
  expect(status).toBe(400);
  const paths = body.errors.map((one: { path: string }) => one.path);
  for (const path of ['config.domain', 'config.fromAddress', 'config.domian', 'config.apiBaseUrl'])
    expect(paths).toContain(path);
  expect(text).not.toContain(SIGNING_KEY);
});

test('an unknown kind, team and field are refused by name', async () => {
  const pathOf = async (body: object) => (await api.call('POST', '/api/channels', { token, body })).body.errors[0].path;
  expect(await pathOf({ ...mailgun, kind: 'pigeon' })).toBe('kind');
  expect(await pathOf({ ...mailgun, kind: 'shopify' })).toBe('kind');
  expect(await pathOf({ ...mailgun, teamIds: ['team-a', 'team-x'] })).toBe('teamIds.1');
  expect(await pathOf({ ...mailgun, colour: 'red' })).toBe('colour');
  expect(await pathOf({ ...mailgun, config: 'none' })).toBe('config');
});

test('stores and channels do not find each other', async () => {
  const store = await api.call('POST', '/api/stores', {
    token,
    body: { kind: 'shopify', name: 'Shop', config: { clientSecret: 'hush-hush', shop: 'shop.myshopify.com' } },
  });
  expect(store.status).toBe(201);
  expect(store.body.config.clientSecret).toBe('set');
  expect((await api.call('GET', `/api/channels/${store.body.id}`, { token })).status).toBe(404);
  const channels = (await api.call('GET', '/api/channels', { token })).body.items;
  expect(channels.some((one: { id: string }) => one.id === store.body.id)).toBe(false);
});

test('[R3] refused webhooks are counted exactly', async () => {
  const { id } = await createChannel();
  for (let index = 0; index < 1_000; index++) api.accounts.countRejection(id, 'bad signature', 1_000 + index);
  api.accounts.countEvent(id, 5_000);
  const during = api.accounts.flushCounters();
  for (let index = 0; index < 10; index++) api.accounts.countRejection(id, 'stale', 3_000 + index);
  await during;
  expect((await api.call('GET', `/api/channels/${id}`, { token })).body).toMatchObject({
    rejected: 1_010,
    lastRejectedAt: 3_009,
    lastRejectReason: 'stale',
    lastEventAt: 5_000,
  });
});

test('every change of accounts, agents and teams comes down to consoles', async () => {
  const team = (await api.call('POST', '/api/teams', { token, body: { name: 'Night shift' } })).body;
  const agent = (
    await api.call('POST', '/api/agents', {
      token,
      body: { email: 'Night@Example.com', name: 'Night', password: 'long enough', teamIds: [team.id] },
    })
  ).body;
  const channel = await createChannel();
  const logged = await api.db.selectFrom('change_log').selectAll().where('collection', '=', 'directory').execute();
  for (const id of [team.id, agent.id, channel.id]) {
    expect(logged.find((row) => row.id === id)).toMatchObject({ scopes: ['all', 'desk'], deleted: false });
  }
  const before = logged.find((row) => row.id === channel.id)?.seq ?? 0;
  await api.call('PATCH', `/api/channels/${channel.id}`, { token, body: { name: 'Renamed' } });
  const after = await api.db
    .selectFrom('change_log')
    .select('seq')
    .where('id', '=', channel.id)
    .executeTakeFirstOrThrow();
  expect(after.seq).toBeGreaterThan(before);
});

test('agents: a taken mail address is a conflict, access changes raise the version, no answer holds a hash', async () => {
  const body = { email: 'dup@example.com', name: 'Dup', password: 'long enough' };
  const created = await api.call('POST', '/api/agents', { token, body });
  expect(created.status).toBe(201);
  expect((await api.call('POST', '/api/agents', { token, body: { ...body, email: 'DUP@example.com' } })).status).toBe(
    409,
  );
  const versionOf = async () =>
    (
      await api.db
        .selectFrom('agents')
        .select('access_version')
        .where('id', '=', created.body.id)
        .executeTakeFirstOrThrow()
    ).access_version;
  const before = await versionOf();
  await api.call('PATCH', `/api/agents/${created.body.id}`, { token, body: { name: 'Other' } });
  expect(await versionOf()).toBe(before);
  const patched = await api.call('PATCH', `/api/agents/${created.body.id}`, { token, body: { teamIds: ['team-b'] } });
  expect(await versionOf()).toBe(before + 1);
  for (const answer of [created, patched, await api.call('GET', '/api/agents', { token })]) {
    expect(answer.text).not.toMatch(/scrypt|password/);
  }
});

test('the last admin can be neither demoted nor disabled, not even by two at once', async () => {
  const second = (
    await api.call('POST', '/api/agents', {
      token,
      body: { email: 'second@example.com', name: 'Second', password: 'long enough', role: 'admin' },
    })
  ).body;
  const demote = (id: string) => api.call('PATCH', `/api/agents/${id}`, { token, body: { role: 'agent' } });
  const statuses = (await Promise.all([demote('admin'), demote(second.id)])).map((answer) => answer.status);
  const admins = await api.db.selectFrom('agents').select('id').where('role', '=', 'admin').execute();
  expect(admins).toHaveLength(1);
  expect(statuses).toContain(200);
  await api.db.updateTable('agents').set({ role: 'admin' }).where('id', '=', 'admin').execute();
  await api.db.updateTable('agents').set({ role: 'agent' }).where('id', '=', second.id).execute();
  api.sessions.forgetCached();
  expect((await demote('admin')).status).toBe(409);
  expect((await api.call('PATCH', '/api/agents/admin', { token, body: { disabled: true } })).status).toBe(409);
  expect((await api.call('GET', '/api/me', { token })).status).toBe(200);
});

test('a new password ends the agent’s other sessions', async () => {
  expect((await api.call('GET', '/api/me', { token: api.tokens.ben })).status).toBe(200);
  await api.call('PATCH', '/api/agents/ben', { token, body: { password: 'another one' } });
  expect((await api.call('GET', '/api/me', { token: api.tokens.ben })).status).toBe(401);
  await api.call('PATCH', '/api/agents/admin', { token, body: { password: 'another one' } });
  expect((await api.call('GET', '/api/me', { token })).status).toBe(200);
});
