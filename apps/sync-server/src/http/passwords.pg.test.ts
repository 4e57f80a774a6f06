import { getField, parseForm } from '@tradewind/fault-lab/http/parse-form';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { PASSWORD, startTestApi, type TestApi } from '../../test/api.ts';
import { FakePlatform, type SeenRequest } from '../../test/fake-platform.ts';

let api: TestApi;
const mailgun = new FakePlatform();
let apiBaseUrl: string;
let channelId: string;
beforeAll(async () => {
  api = await startTestApi();
  apiBaseUrl = await mailgun.start();
  channelId = (await connectMail('mg.example.com')).id;
});
afterAll(async () => {
  await api.close();
  await mailgun.stop();
});
beforeEach(async () => {
  await api.people.resets.settled();
  await api.people.mail.settled();
  mailgun.seen.length = 0;
  mailgun.answerJson(200, { id: '<taken@mg.example.com>', message: 'Queued. Thank you.' });
  await api.db.deleteFrom('login_failures').execute();
});

const HOUR = 3_600_000;
const NEW_PASSWORD = 'another long one';

async function connectMail(domain: string, config: object = { apiKey: 'key-1' }) {
  const keys = { signingKey: 'k', domain, fromAddress: `support@${domain}`, apiBaseUrl, ...config };
  const body = { kind: 'mailgun', name: domain, config: keys };
  return (await api.call('POST', '/api/channels', { token: api.tokens.admin, body })).body;
}

const forgot = (email: string, headers: Record<string, string> = {}) =>
  api.call('POST', '/api/auth/forgot', { body: { email }, headers });
const reset = (token: string, body: object = {}) =>
  api.call('POST', '/api/auth/reset', { body: { token, password: NEW_PASSWORD, ...body } });
const logIn = (email: string, password: string) => api.call('POST', '/api/auth/login', { body: { email, password } });
const isIn = async (token: string) => (await api.call('GET', '/api/me', { token })).status === 200;

/** Waits until all that the request began is done. @returns the mails that left. */
async function mails(): Promise<{ to: string; subject: string; text: string; link: string }[]> {
  await api.people.resets.settled();
  await api.people.mail.settled();
  return Promise.all(mailgun.seen.map(readMail));
}

async function readMail({ headers, body }: SeenRequest) {
  const form = await parseForm(String(headers['content-type']), body);
  const field = (name: string) => (form ? (getField(form, name) ?? '') : '');
  const text = field('text');
  return { to: field('to'), subject: field('subject'), text, link: /#\/reset\/(\S+)/.exec(text)?.[1] ?? '' };
}

async function mailedLink(email: string): Promise<string> {
  expect((await forgot(email)).status).toBe(204);
  return (await mails()).at(-1)?.link ?? '';
}

test('a lost password is replaced by a mailed link, once, and all sessions end', async () => {
  const agent = await api.addAgent('lost');
  expect((await api.call('GET', '/api/setup')).body.resetByMail).toBe(true);
  const answer = await forgot(' LOST@example.com ');
  expect([answer.status, answer.text]).toEqual([204, '']);
  const [mail] = await mails();
  expect(mail).toMatchObject({ to: 'lost <lost@example.com>', subject: 'A new password for Tradewind' });
  expect(mail?.text).toContain('https://desk.example.com/#/reset/tw_');
  const ended: unknown[] = [];
  const stop = api.sessions.onSessionEnded((end) => ended.push(end));
  const { status, body } = await reset(mail?.link ?? '');
  stop();
  expect(status).toBe(200);
  expect(body.agent).toMatchObject({ id: agent.id, totp: false });
  expect(ended).toEqual([{ agentId: agent.id, exceptSessionId: expect.any(String) }]);
  expect([await isIn(agent.token), await isIn(body.token)]).toEqual([false, true]);
  expect((await logIn(agent.email, PASSWORD)).status).toBe(401);
  expect((await logIn(agent.email, NEW_PASSWORD)).status).toBe(200);
  expect((await reset(mail?.link ?? '')).status).toBe(404);
});

test('the mail is in the language of the request', async () => {
  await api.addAgent('sprache');
  await forgot('sprache@example.com', { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' });
  expect((await mails())[0]).toMatchObject({ subject: 'Tradewind 的新密码', text: expect.stringContaining('一小时') });
});

test('an unknown and a disabled mail address get the same answer, and no mail', async () => {
  const agent = await api.addAgent('away');
  await api.call('PATCH', `/api/agents/${agent.id}`, { token: api.tokens.admin, body: { disabled: true } });
  const answers = [await forgot('nobody@example.com'), await forgot(agent.email)];
  expect(answers.map(({ status, text }) => [status, text])).toEqual([
    [204, ''],
    [204, ''],
  ]);
  expect(await mails()).toEqual([]);
});

test('whether the mail address is known cannot be measured: nothing about it happens before the answer', async () => {
  await api.addAgent('measured');
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // While the agent's row is locked, a link cannot be made: an answer that waited for it would not come.
  const holding = api.db.transaction().execute(async (tx) => {
    await tx.selectFrom('agents').selectAll().forUpdate().execute();
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const { status } = await forgot('measured@example.com');
  release.resolve();
  await holding;
  expect(status).toBe(204);
  expect(await mails()).toHaveLength(1);
});

test('a link ends after an hour and with a newer one', async () => {
  const agent = await api.addAgent('slow');
  const first = await mailedLink(agent.email);
  const second = await mailedLink(agent.email);
  expect((await reset(first)).status).toBe(404);
  api.clock.now += HOUR - 1;
  expect((await reset(second, { password: 'short' })).status).toBe(400);
  api.clock.now += 1;
  const late = await reset(second);
  expect(late.status).toBe(404);
  expect(late.text).toBe((await reset('nonsense')).text);
});

test('of two who use a link at the same moment one sets the password', async () => {
  const { email } = await api.addAgent('twice');
  const link = await mailedLink(email);
  const answers = await Promise.all([reset(link), reset(link, { password: 'yet another one' }), reset(link)]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 404, 404]);
});

test('in a browser the new session is a cookie', async () => {
  const { email } = await api.addAgent('browser');
  const { text, headers } = await reset(await mailedLink(email), { cookie: true });
  expect(text).not.toContain('tw_');
  expect(headers.get('set-cookie')).toMatch(/^tradewind_session=tw_/);
});

test('asking is limited by mail address, known or not, and by client address', async () => {
  await api.addAgent('often');
  for (const email of ['often@example.com', 'unknown@example.com']) {
    const statuses = [];
    for (let ask = 0; ask < 5; ask++) statuses.push((await forgot(email)).status);
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
  }
  expect(await mails()).toHaveLength(3);
  const others = [];
  for (let ask = 0; ask < 16; ask++) others.push((await forgot(`someone${ask}@example.com`)).status);
  expect(others.indexOf(429)).toBeGreaterThan(10);
});

test('a platform that fails is asked again a few times, then the next account; an unknown outcome is not repeated', async () => {
  const { email } = await api.addAgent('stormy');
  const other = await connectMail('mg2.example.com');
  const sentTo = () => mailgun.seen.map(({ url }) => url.split('/')[2]);
  mailgun.answerJson(503, { message: 'Try again later.' });
  await forgot(email);
  await mails();
  expect(sentTo()).toEqual([...Array(3).fill('mg.example.com'), ...Array(3).fill('mg2.example.com')]);
  mailgun.seen.length = 0;
  mailgun.answerWith((response, { url }) => {
    const [status, message] = url.includes('mg2') ? [200, 'Queued.'] : [401, 'Invalid private key'];
    response.writeHead(status as number, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
  });
  await forgot(email);
  await mails();
  expect(sentTo()).toEqual(['mg.example.com', 'mg2.example.com']);
  const problemOf = async (id: string) =>
    (await api.call('GET', `/api/channels/${id}`, { token: api.tokens.admin })).body.sendProblem;
  expect(await problemOf(channelId)).toEqual({ text: 'Invalid private key', since: api.clock.now });
  expect(await problemOf(other.id)).toBeNull();
  mailgun.seen.length = 0;
  mailgun.answerWith((response) => response.destroy());
  await forgot(email);
  await mails();
  expect(sentTo()).toEqual(['mg.example.com']);
});

test('an admin makes a link to pass on; it is not mailed', async () => {
  const { email, id } = await api.addAgent('passed');
  const made = await api.call('POST', `/api/agents/${id}/reset-link`, { token: api.tokens.admin });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({
    link: expect.stringMatching(/^https:\/\/desk\.example\.com\/#\/reset\/tw_[\w-]{43}$/),
    expiresAt: api.clock.now + HOUR,
  });
  expect(await mails()).toEqual([]);
  expect((await reset(made.body.link.split('/').at(-1))).status).toBe(200);
  expect((await logIn(email, NEW_PASSWORD)).status).toBe(200);
  const madeFor = (agent: string) => api.call('POST', `/api/agents/${agent}/reset-link`, { token: api.tokens.admin });
  expect((await madeFor('nobody')).status).toBe(404);
  await api.call('PATCH', `/api/agents/${id}`, { token: api.tokens.admin, body: { disabled: true } });
  expect((await madeFor(id)).status).toBe(409);
});

test('a link does not outlive the agent, nor a password set otherwise', async () => {
  const agent = await api.addAgent('gone');
  const change = (body: object) => api.call('PATCH', `/api/agents/${agent.id}`, { token: api.tokens.admin, body });
  const before = await mailedLink(agent.email);
  await change({ password: 'set by the admin' });
  expect((await reset(before)).status).toBe(404);
  const former = await mailedLink(agent.email);
  await change({ email: 'moved@example.com' });
  expect((await reset(former)).status).toBe(404);
  agent.email = 'moved@example.com';
  const open = await mailedLink(agent.email);
  await change({ disabled: true });
  await change({ disabled: false });
  expect((await reset(open)).status).toBe(404);
});

test('one’s own password is changed with the current one; other sessions end, this one stays', async () => {
  const agent = await api.addAgent('own');
  const other = (await logIn(agent.email, PASSWORD)).body.token;
  const change = (body: object) => api.call('POST', '/api/auth/password', { token: agent.token, body });
  const wrong = await change({ current: 'not it', password: NEW_PASSWORD });
  expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'current']);
  const same = await change({ current: PASSWORD, password: agent.email.toUpperCase() });
  expect([same.status, same.body.errors[0].path]).toEqual([400, 'password']);
  expect((await change({ current: PASSWORD, password: 'short' })).body.errors[0].path).toBe('password');
  expect(await isIn(other)).toBe(true);
  expect((await change({ current: PASSWORD, password: NEW_PASSWORD })).status).toBe(204);
  expect([await isIn(agent.token), await isIn(other)]).toEqual([true, false]);
  expect((await logIn(agent.email, NEW_PASSWORD)).status).toBe(200);
});

test('guesses at the current password count as failed log-ins', async () => {
  const agent = await api.addAgent('guessed');
  const guess = () =>
    api.call('POST', '/api/auth/password', { token: agent.token, body: { current: 'guess', password: NEW_PASSWORD } });
  const statuses = await Promise.all(Array.from({ length: 8 }, guess));
  expect(statuses.map((answer) => answer.status).sort()).toEqual([...Array(5).fill(400), ...Array(3).fill(429)]);
  expect((await logIn(agent.email, PASSWORD)).status).toBe(429);
});

test('a log-in under way when the password changes does not get in with the old one', async () => {
  const agent = await api.addAgent('meanwhile');
  const attempts = Array.from({ length: 4 }, () => logIn(agent.email, PASSWORD));
  const changed = api.call('PATCH', `/api/agents/${agent.id}`, {
    token: api.tokens.admin,
    body: { password: NEW_PASSWORD },
  });
  const answers = await Promise.all(attempts);
  expect((await changed).status).toBe(200);
  for (const { body } of answers) if (body.token !== undefined) expect(await isIn(body.token)).toBe(false);
});

test('an invitation is mailed too, and its link shown anyway', async () => {
  const body = { email: 'guest@example.com', name: 'Guest' };
  const made = await api.call('POST', '/api/invites', { token: api.tokens.admin, body });
  expect(made.body.mailed).toBe(true);
  const [mail] = await mails();
  expect(mail).toMatchObject({ to: 'Guest <guest@example.com>', subject: 'admin invites you to Tradewind' });
  expect(mail?.text).toContain(made.body.link);
});

test('an account that can only receive sends no mail', async () => {
  const set = (apiKey: string | null) =>
    api.db
      .selectFrom('accounts')
      .select('id')
      .execute()
      .then((rows) =>
        Promise.all(
          rows.map(({ id }) =>
            api.call('PATCH', `/api/channels/${id}`, { token: api.tokens.admin, body: { config: { apiKey } } }),
          ),
        ),
      );
  await set(null);
  expect((await api.call('GET', '/api/setup')).body.resetByMail).toBe(false);
  await api.addAgent('mute');
  expect((await forgot('mute@example.com')).status).toBe(204);
  expect(await mails()).toEqual([]);
  expect(await api.db.selectFrom('password_resets').selectAll().where('agent_id', '=', 'mute').execute()).toEqual([]);
  await set('key-1');
});

test('[R16] [R17] asking, links and changes are audited; database, log and audit hold no link and no password', async () => {
  const agent = await api.addAgent('audited');
  const link = await mailedLink(agent.email);
  const rows = async () => api.db.selectFrom('audit').selectAll().execute();
  await reset(link);
  const stored = [await rows(), await api.db.selectFrom('password_resets').selectAll().execute(), api.logged()];
  for (const secret of [link.slice(3), NEW_PASSWORD, PASSWORD]) expect(JSON.stringify(stored)).not.toContain(secret);
  expect(api.logged()).not.toContain('@example.com');
  const actions = new Set((await rows()).map((row) => row.action));
  for (const action of ['password.forgot', 'password.reset-link', 'password.reset', 'password.change'])
    expect(actions).toContain(action);
  await vi.waitFor(() => expect(mailgun.seen.length).toBeGreaterThan(0));
});
