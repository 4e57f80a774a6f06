import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../test/api.ts';
import { prepareDesk } from '../auth/bootstrap.ts';

let api: TestApi;
let code: string;
beforeAll(async () => {
  api = await startTestApi({}, { empty: true });
  code = api.setupCode ?? '';
});
afterAll(() => api.close());

// Each test finds an empty desk.
beforeEach(async () => {
  for (const table of ['sessions', 'agents', 'login_failures'] as const) await api.db.deleteFrom(table).execute();
  await api.db.updateTable('desk').set({ setup_code: code, name: 'Tradewind', time_zone: 'UTC' }).execute();
  api.sessions.forgetCached();
});

const first = () => ({
  code,
  email: 'Root@Shop.example',
  name: 'Root',
  password: 'long enough',
  deskName: 'The shop',
  timeZone: 'Asia/Shanghai',
});
const setUp = (patch: object = {}) => api.call('POST', '/api/setup', { body: { ...first(), ...patch } });
const state = async () => (await api.call('GET', '/api/setup')).body;

test('the first admin is made with the code, and is logged in', async () => {
  expect(await state()).toEqual({
    needsSetup: true,
    deskName: 'Tradewind',
    timeZone: 'UTC',
    mode: 'desk',
    version: '1.2.3',
    resetByMail: false,
  });
  const { status, body } = await setUp({ code: code.toUpperCase().replaceAll('-', ' ') });
  expect(status).toBe(201);
  expect(body.agent).toMatchObject({
    email: 'root@shop.example',
    name: 'Root',
    role: 'admin',
    teamIds: [],
    totp: false,
  });
  expect((await api.call('GET', '/api/me', { token: body.token })).body).toEqual(body.agent);
  expect(await state()).toMatchObject({ needsSetup: false, deskName: 'The shop', timeZone: 'Asia/Shanghai' });
  const login = { email: 'root@shop.example', password: 'long enough' };
  expect((await api.call('POST', '/api/auth/login', { body: login })).status).toBe(200);
});

test('in a browser the session is a cookie that scripts cannot read', async () => {
  const { body, text, headers } = await setUp({ cookie: true });
  expect(body.agent.role).toBe('admin');
  expect(text).not.toContain('tw_');
  expect(headers.get('set-cookie')).toMatch(/^tradewind_session=tw_[^;]+;.*HttpOnly/);
});

test('a desk that is set up cannot be set up again, and keeps no code', async () => {
  expect((await setUp()).status).toBe(201);
  const again = await setUp({ email: 'other@shop.example' });
  expect(again.status).toBe(409);
  expect(await api.db.selectFrom('desk').select('setup_code').execute()).toEqual([{ setup_code: null }]);
  expect(await api.db.selectFrom('agents').select('email').execute()).toEqual([{ email: 'root@shop.example' }]);
});

test('two set-ups at the same moment make one admin', async () => {
  const answers = await Promise.all([setUp(), setUp({ email: 'other@shop.example' }), setUp()]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
  expect(await api.db.selectFrom('agents').select('role').execute()).toEqual([{ role: 'admin' }]);
});

test('wrong codes make nobody, and are limited by client address', async () => {
  for (const wrong of ['x', 'abcd-efgh-ijkl-mnop', `${code}a`]) {
    const { status, body } = await setUp({ code: wrong });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: 'code', message: expect.any(String) }]);
  }
  const statuses = [];
  for (let guess = 0; guess < 10; guess++) statuses.push((await setUp({ code: 'wrong' })).status);
  expect(statuses).toEqual([...Array(7).fill(400), 429, 429, 429]);
  expect((await setUp()).status).toBe(429);
  api.clock.now += 60_000;
  expect((await setUp()).status).toBe(201);
});

test.each([
  [{ email: 'root' }, 'email'],
  [{ name: ' ' }, 'name'],
  [{ password: 'seven77' }, 'password'],
  [{ password: 'x'.repeat(257) }, 'password'],
  [{ password: 'ROOT@shop.example ' }, 'password'],
  [{ deskName: '' }, 'deskName'],
  [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
  [{ timeZone: '+08:00' }, 'timeZone'],
  [{ timeZone: 8 }, 'timeZone'],
  [{ code: 5 }, 'code'],
  [{ role: 'admin' }, 'role'],
])('%j is refused by name', async (patch, field) => {
  const { status, body } = await setUp(patch);
  expect(status).toBe(400);
  expect(body.errors.map((one: { path: string }) => one.path)).toEqual([field]);
});

test('all nodes print the same code, a later start too; with an agent there is none', async () => {
  const start = () => prepareDesk(api.db, { mode: 'desk', keyFingerprint: 'test', admin: null, now: Date.now });
  const codes = (await Promise.all([start(), start(), start()])).map((desk) => desk.setupCode);
  expect(codes).toEqual([code, code, code]);
  await api.db.updateTable('desk').set({ setup_code: null }).execute();
  const fresh = await Promise.all([start(), start()]);
  expect(fresh[0]?.setupCode).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  expect(fresh[1]?.setupCode).toBe(fresh[0]?.setupCode);
  await api.db
    .insertInto('agents')
    .values({ id: 'a', email: 'a@b.c', name: 'A', password_hash: '', role: 'admin', created_at: 1 })
    .execute();
  expect((await start()).setupCode).toBeNull();
});

test('[R17] set-up and refused codes are audited, without code or password', async () => {
  await setUp({ code: 'zzzz-zzzz-zzzz-zzzz' });
  await setUp();
  const rows = await api.db.selectFrom('audit').selectAll().execute();
  const actions = rows.map((row) => row.action);
  for (const action of ['desk.setup-failed', 'desk.setup', 'agent.create']) expect(actions).toContain(action);
  for (const secret of [code, 'zzzz', 'long enough']) expect(JSON.stringify(rows)).not.toContain(secret);
});

test('the desk is read by agents and changed by admins', async () => {
  const { token } = (await setUp()).body;
  expect((await api.call('GET', '/api/desk', { token })).body).toEqual({ name: 'The shop', timeZone: 'Asia/Shanghai' });
  const patch = (body: object) => api.call('PATCH', '/api/desk', { token, body });
  expect((await patch({ name: ' 信风 ' })).body).toEqual({ name: '信风', timeZone: 'Asia/Shanghai' });
  expect((await patch({ timeZone: 'Europe/Berlin' })).body).toEqual({ name: '信风', timeZone: 'Europe/Berlin' });
  expect((await patch({ timeZone: 'Berlin' })).body.errors[0].path).toBe('timeZone');
  const audit = await api.db.selectFrom('audit').selectAll().where('action', '=', 'desk.update').execute();
  expect(audit.map((row) => row.after)).toEqual([{ name: '信风' }, { timeZone: 'Europe/Berlin' }]);
});
