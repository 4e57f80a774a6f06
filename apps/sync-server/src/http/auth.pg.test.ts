import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

function logIn(email: string, password: string, more: object = {}) {
  return api.call('POST', '/api/auth/login', { body: { email, password, ...more } });
}

test('a login gives a token and the agent, never a hash', async () => {
  const { status, body, text } = await logIn(' ANA@example.com ', PASSWORD);
  expect(status).toBe(200);
  expect(body.agent).toEqual({
    id: 'ana',
    email: 'ana@example.com',
    name: 'ana',
    role: 'agent',
    teamIds: ['team-a'],
    accessVersion: 1,
    totp: false,
  });
  expect(text).not.toContain('scrypt');
  expect((await api.call('GET', '/api/me', { token: body.token })).body.id).toBe('ana');
});

test('the database holds no token', async () => {
  const { body } = await logIn('ana@example.com', PASSWORD);
  const rows = await api.db.selectFrom('sessions').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(body.token.slice(3));
});

test('an unknown mail address and a wrong password are answered alike', async () => {
  const wrong = await logIn('admin@example.com', 'not the password');
  const unknown = await logIn('nobody@example.com', 'not the password');
  expect(wrong.status).toBe(401);
  expect(unknown.text).toBe(wrong.text);
});

test('wrong passwords block the mail address for longer and longer, also for the right password', async () => {
  const statuses = await Promise.all(Array.from({ length: 12 }, () => logIn('ben@example.com', 'guess')));
  expect(statuses.map((answer) => answer.status).sort()).toEqual([...Array(5).fill(401), ...Array(7).fill(429)]);
  const right = await logIn('ben@example.com', PASSWORD);
  expect(right.status).toBe(429);
  expect(right.headers.get('retry-after')).toBe('30');
  expect(right.body.retryAfterMs).toBe(30_000);
  api.clock.now += 30_001;
  expect((await logIn('ben@example.com', 'guess')).status).toBe(401);
  expect((await logIn('ben@example.com', 'guess')).headers.get('retry-after')).toBe('60');
  expect((await logIn('ana@example.com', PASSWORD)).status).toBe(200);
  api.clock.now += 60_001;
  expect((await logIn('ben@example.com', PASSWORD)).status).toBe(200);
});

test('a right password forgives earlier wrong ones', async () => {
  for (let round = 0; round < 2; round++) {
    for (let guess = 0; guess < 3; guess++) expect((await logIn('ben@example.com', 'guess')).status).toBe(401);
    expect((await logIn('ben@example.com', PASSWORD)).status).toBe(200);
  }
});

test('a cookie login sets an HttpOnly cookie and does not tell the token', async () => {
  const { headers, body, text } = await logIn('ana@example.com', PASSWORD, { cookie: true });
  const cookie = headers.get('set-cookie') ?? '';
  expect(body.token).toBeUndefined();
  expect(text).not.toContain('tw_');
  expect(cookie).toMatch(/^tradewind_session=tw_[^;]+;/);
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Secure']) expect(cookie).toContain(attribute);
  const pair = cookie.split(';')[0] ?? '';
  expect((await api.call('GET', '/api/me', { headers: { cookie: `other=1; ${pair}` } })).status).toBe(200);
  expect((await api.call('DELETE', '/api/sessions', { headers: { cookie: pair } })).status).toBe(403);
  const allowed = await api.call('DELETE', '/api/sessions', { headers: { cookie: pair, 'x-tradewind-csrf': '1' } });
  expect(allowed.status).toBe(200);
});

test('a session ends at logout, at once', async () => {
  const { body } = await logIn('ana@example.com', PASSWORD);
  expect((await api.call('GET', '/api/me', { token: body.token })).status).toBe(200);
  expect((await api.call('POST', '/api/auth/logout', { token: body.token })).status).toBe(204);
  expect((await api.call('GET', '/api/me', { token: body.token })).status).toBe(401);
});

test('a session lasts 30 days from its last use', async () => {
  const { body } = await logIn('ben@example.com', PASSWORD);
  const day = 86_400_000;
  for (const days of [20, 20, 20]) {
    api.clock.now += days * day;
    expect((await api.call('GET', '/api/me', { token: body.token })).status).toBe(200);
  }
  api.clock.now += 30 * day + 1;
  expect((await api.call('GET', '/api/me', { token: body.token })).status).toBe(401);
});

test('sessions are listed and revoked by their owner and by an admin, by nobody else', async () => {
  const ana = (await logIn('ana@example.com', PASSWORD)).body.token;
  const other = (await logIn('ana@example.com', PASSWORD)).body.token;
  const ben = (await logIn('ben@example.com', PASSWORD)).body.token;
  const admin = (await logIn('admin@example.com', PASSWORD)).body.token;
  const listed = (await api.call('GET', '/api/sessions', { token: other })).body.items;
  const current = listed.find((one: { current: boolean }) => one.current);
  expect(listed.every((one: { agentId: string }) => one.agentId === 'ana')).toBe(true);
  expect((await api.call('GET', '/api/sessions?agentId=ana', { token: ben })).status).toBe(403);
  expect((await api.call('GET', '/api/sessions?agentId=ana', { token: admin })).body.items).toHaveLength(listed.length);
  expect((await api.call('DELETE', `/api/sessions/${current.id}`, { token: ben })).status).toBe(404);
  expect((await api.call('GET', '/api/me', { token: other })).status).toBe(200);
  const ended: unknown[] = [];
  const stop = api.sessions.onSessionEnded((end) => ended.push(end));
  expect((await api.call('DELETE', `/api/sessions/${current.id}`, { token: ana })).status).toBe(204);
  stop();
  expect(ended).toEqual([{ sessionId: current.id }]);
  expect((await api.call('GET', '/api/me', { token: other })).status).toBe(401);
  expect((await api.call('DELETE', '/api/sessions', { token: ana })).body.revoked).toBeGreaterThanOrEqual(0);
  expect((await api.call('GET', '/api/sessions', { token: ana })).body.items).toHaveLength(1);
});

test('[R15] who held a revoked session is told to erase, by that very token alone; one that merely ended is not', async () => {
  const [kept, revoked, other, loggedOut] = await Promise.all(
    [1, 2, 3, 4].map(async () => (await logIn('ana@example.com', PASSWORD)).body.token as string),
  );
  const { items } = (await api.call('GET', '/api/sessions', { token: revoked as string })).body;
  const { id } = items.find((one: { current: boolean }) => one.current);
  await api.call('DELETE', `/api/sessions/${id}`, { token: kept as string });
  await api.call('POST', '/api/auth/logout', { token: loggedOut as string });
  await api.call('DELETE', '/api/sessions', { token: kept as string });
  const meOf = async (token = '') => (await api.call('GET', '/api/me', { token })).body;
  const erasing = { type: 'urn:tradewind:unauthenticated', reason: 'revoked', agentId: 'ana' };
  expect(await meOf(revoked)).toMatchObject(erasing);
  expect(await meOf(other)).toMatchObject(erasing);
  expect((await meOf(kept)).id).toBe('ana');
  for (const token of [loggedOut, `tw_${'A'.repeat(43)}`]) {
    expect(await meOf(token)).toEqual(await meOf(''));
  }
});

test('a new password logs other devices out and leaves what they hold', async () => {
  const admin = (await logIn('admin@example.com', PASSWORD)).body.token;
  const created = await api.call('POST', '/api/agents', {
    token: admin,
    body: { email: 'pass@example.com', name: 'Pass', password: PASSWORD },
  });
  const { token } = (await logIn('pass@example.com', PASSWORD)).body;
  await api.call('PATCH', `/api/agents/${created.body.id}`, { token: admin, body: { password: `${PASSWORD} anew` } });
  const { status, body } = await api.call('GET', '/api/me', { token });
  expect([status, body.reason]).toEqual([401, undefined]);
});

test('a session says which device it is on, from where, and when it was last seen', async () => {
  const logInFrom = (agent: string) =>
    api.call('POST', '/api/auth/login', {
      body: { email: 'ben@example.com', password: PASSWORD },
      headers: { 'user-agent': agent },
    });
  const { token } = (await logInFrom('Tradewind Desktop 1.0 (Linux)')).body;
  await logInFrom('x'.repeat(5_000));
  const begun = api.clock.now;
  api.clock.now += 90_000;
  await api.call('GET', '/api/me', { token });
  const { items } = (await api.call('GET', '/api/sessions', { token })).body;
  const find = (agent: string) => items.find((one: { userAgent: string }) => one.userAgent === agent);
  expect(find('x'.repeat(300))).toMatchObject({ current: false, lastSeenAt: begun });
  expect(find('Tradewind Desktop 1.0 (Linux)')).toMatchObject({
    ...{ address: expect.stringMatching(/127\.0\.0\.1$/), current: true },
    ...{ createdAt: begun, lastSeenAt: begun + 90_000 },
  });
});

test('a disabled agent is out at once, in a login too', async () => {
  const admin = (await logIn('admin@example.com', PASSWORD)).body.token;
  const created = await api.call('POST', '/api/agents', {
    token: admin,
    body: { email: 'temp@example.com', name: 'Temp', password: PASSWORD },
  });
  const { token } = (await logIn('temp@example.com', PASSWORD)).body;
  expect((await api.call('GET', '/api/me', { token })).status).toBe(200);
  await api.call('PATCH', `/api/agents/${created.body.id}`, { token: admin, body: { disabled: true } });
  const { status, body } = await api.call('GET', '/api/me', { token });
  expect([status, body.reason, body.agentId]).toEqual([401, 'disabled', created.body.id]);
  expect((await logIn('temp@example.com', PASSWORD)).status).toBe(401);
});

test.each(['', 'Bearer', 'Bearer x', 'Basic YTpi', `Bearer tw_${'A'.repeat(43)}`, `Bearer ${'A'.repeat(5_000)}`])(
  'the header "%s" opens nothing',
  async (authorization) => {
    expect((await api.call('GET', '/api/me', { headers: { authorization } })).status).toBe(401);
  },
);

test('[R17] logins, failures, logouts and revocations are audited, without passwords', async () => {
  const rows = await api.db.selectFrom('audit').selectAll().execute();
  const actions = new Set(rows.map((row) => row.action));
  for (const action of ['login', 'login.failed', 'logout', 'session.revoke']) expect(actions).toContain(action);
  expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  expect(JSON.stringify(rows)).not.toContain('guess');
});

test('[R16] the log holds no token, password or mail address', () => {
  const logged = api.logged();
  for (const secret of [PASSWORD, 'tw_', '@example.com']) expect(logged).not.toContain(secret);
});

test('many mail addresses at once from one client are counted like one after the other', async () => {
  api.clock.now += 2 * 60 * 60_000; // earlier tries are forgotten
  const spray = Array.from({ length: 45 }, (_, index) => logIn(`spray${index}@example.com`, 'guess'));
  const statuses = (await Promise.all(spray)).map(({ status }) => status).sort();
  expect(statuses).toEqual([...Array(30).fill(401), ...Array(15).fill(429)]);
  api.clock.now += 60 * 60_000;
});
