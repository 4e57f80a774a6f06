import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startTestApi, type TestApi } from '../../test/api.ts';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await startTestApi();
  token = api.tokens.admin;
});
afterAll(() => api.close());

const DAY = 86_400_000;
const invite = (body: object) => api.call('POST', '/api/invites', { token, body });
const tokenOf = ({ body }: Answer): string => body.link.split('/#/invite/')[1];
const look = (link: string) => api.call('GET', `/api/invites/by-token/${link}`);
const accept = (link: string, body: object = {}) =>
  api.call('POST', `/api/invites/by-token/${link}/accept`, { body: { name: 'New', password: 'long enough', ...body } });

test('an invitation becomes an agent who is logged in, once', async () => {
  const made = await invite({ email: 'New@Example.com', role: 'agent', teamIds: ['team-a', 'team-a'] });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    id: expect.any(String),
    link: expect.stringMatching(/^https:\/\/desk\.example\.com\/#\/invite\/tw_[\w-]{43}$/),
    expiresAt: api.clock.now + 7 * DAY,
    mailed: false,
  });
  const link = tokenOf(made);
  expect((await look(link)).body).toEqual({ email: 'new@example.com', name: '', deskName: 'Tradewind' });
  const { status, body } = await accept(link, { name: '新人' });
  expect(status).toBe(201);
  expect(body.agent).toMatchObject({ email: 'new@example.com', name: '新人', role: 'agent', teamIds: ['team-a'] });
  expect((await api.call('GET', '/api/me', { token: body.token })).body).toEqual(body.agent);
  expect((await look(link)).status).toBe(404);
  expect((await accept(link)).status).toBe(404);
  const logged = await api.db.selectFrom('change_log').select('id').where('id', '=', body.agent.id).execute();
  expect(logged).toHaveLength(1);
});

test('of two who accept at the same moment one becomes the agent', async () => {
  const link = tokenOf(await invite({ email: 'race@example.com' }));
  const answers = await Promise.all([accept(link), accept(link), accept(link)]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 404, 404]);
});

test('a link ends after seven days, when it is revoked, and when a newer one is made', async () => {
  const old = tokenOf(await invite({ email: 'late@example.com' }));
  api.clock.now += 7 * DAY - 1;
  expect((await look(old)).status).toBe(200);
  api.clock.now += 1;
  expect((await look(old)).status).toBe(404);
  expect((await accept(old)).status).toBe(404);
  const replaced = tokenOf(await invite({ email: 'late@example.com' }));
  const newest = await invite({ email: 'late@example.com' });
  expect((await look(replaced)).status).toBe(404);
  expect((await look(tokenOf(newest))).status).toBe(200);
  expect((await api.call('DELETE', `/api/invites/${newest.body.id}`, { token })).status).toBe(204);
  expect((await api.call('DELETE', `/api/invites/${newest.body.id}`, { token })).status).toBe(204);
  expect((await accept(tokenOf(newest))).status).toBe(404);
});

test('links that are unknown, used, revoked or too old are answered alike', async () => {
  const used = tokenOf(await invite({ email: 'alike@example.com' }));
  await accept(used);
  const texts = [used, `tw_${'A'.repeat(43)}`, 'nonsense', '%F0%9F%98%80', 'x'.repeat(200)].map(
    async (link) => (await look(link)).text,
  );
  expect(new Set(await Promise.all(texts)).size).toBe(1);
});

test('a mail address that belongs to an agent is a conflict that names the field', async () => {
  const { status, body } = await invite({ email: 'ANA@example.com' });
  expect(status).toBe(409);
  expect(body.errors).toEqual([{ path: 'email', message: 'belongs to an agent of this desk' }]);
  const link = tokenOf(await invite({ email: 'twice@example.com' }));
  const agent = { email: 'twice@example.com', name: 'Twice', password: 'long enough' };
  expect((await api.call('POST', '/api/agents', { token, body: agent })).status).toBe(201);
  const late = await accept(link);
  expect(late.status).toBe(409);
  expect(late.body.errors[0].path).toBe('email');
});

test('the list shows what is still open, and no link', async () => {
  const open = await invite({ email: 'open@example.com', name: 'Open', role: 'admin' });
  const { body, text } = await api.call('GET', '/api/invites?limit=200', { token });
  expect(body.items.find((one: { id: string }) => one.id === open.body.id)).toEqual({
    id: open.body.id,
    email: 'open@example.com',
    name: 'Open',
    role: 'admin',
    teamIds: [],
    createdBy: 'admin',
    createdAt: api.clock.now,
    expiresAt: api.clock.now + 7 * DAY,
  });
  expect(body.items.some((one: { email: string }) => one.email === 'new@example.com')).toBe(false);
  expect(text).not.toContain('tw_');
});

test('an accepted invitation cannot be revoked, and an unknown one is not found', async () => {
  const made = await invite({ email: 'done@example.com' });
  await accept(tokenOf(made));
  expect((await api.call('DELETE', `/api/invites/${made.body.id}`, { token })).status).toBe(409);
  expect((await api.call('DELETE', '/api/invites/nothing', { token })).status).toBe(404);
});

test.each([
  ['disabled', { disabled: true }],
  ['demoted', { role: 'agent' }],
])('the invitations of an admin who is %s end', async (what, patch) => {
  const boss = tokenOf(await invite({ email: `${what}@example.com`, role: 'admin' }));
  const session = (await accept(boss)).body;
  const made = await api.call('POST', '/api/invites', {
    token: session.token,
    body: { email: `by-${what}@example.com`, role: 'admin' },
  });
  await api.call('PATCH', `/api/agents/${session.agent.id}`, { token, body: patch });
  expect((await accept(tokenOf(made))).status).toBe(404);
});

test.each([
  [{ email: 'nobody' }, 'email'],
  [{ email: 'a@b.c', role: 'owner' }, 'role'],
  [{ email: 'a@b.c', teamIds: ['team-x'] }, 'teamIds.0'],
  [{ email: 'a@b.c', name: 5 }, 'name'],
  [{ email: 'a@b.c', password: 'x' }, 'password'],
])('%j is refused by name', async (body, field) => {
  const answer = await invite(body);
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].path).toBe(field);
});

test.each([
  [{ password: 'short' }, 'password'],
  [{ password: 'rules@EXAMPLE.com' }, 'password'],
  [{ name: '' }, 'name'],
  [{ role: 'admin' }, 'role'],
])('accepting with %j is refused by name and leaves the invitation open', async (body, field) => {
  const link = tokenOf(await invite({ email: 'rules@example.com' }));
  const answer = await accept(link, body);
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].path).toBe(field);
  expect((await look(link)).status).toBe(200);
});

test('[R16] [R17] invitations are audited, and neither database nor log holds a link', async () => {
  const link = tokenOf(await invite({ email: 'secret@example.com' }));
  await accept(link);
  const audit = await api.db.selectFrom('audit').selectAll().execute();
  const actions = new Set(audit.map((row) => row.action));
  for (const action of ['invite.create', 'invite.revoke', 'invite.accept', 'agent.create'])
    expect(actions).toContain(action);
  const stored = [audit, await api.db.selectFrom('invites').selectAll().execute(), api.logged()];
  expect(JSON.stringify(stored)).not.toContain(link.slice(3));
});
