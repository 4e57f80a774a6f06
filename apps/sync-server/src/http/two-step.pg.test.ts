import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PASSWORD, startTestApi, type TestApi } from '../../test/api.ts';
import { codeOfStep, toStep } from '../auth/totp.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.db.deleteFrom('login_failures').execute();
});

const client = { address: '127.0.0.1', userAgent: 'test' };

interface Protected {
  id: string;
  email: string;
  token: string;
  secret: Buffer;
  recoveryCodes: string[];
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The code the app shows now, or `steps` later. */
const codeNow = (secret: Buffer, steps = 0) => codeOfStep(secret, toStep(api.clock.now) + steps);
const nextStep = () => {
  api.clock.now += 30_000;
};
const logIn = (email: string, code?: string, password = PASSWORD) =>
  api.call('POST', '/api/auth/login', { body: { email, password, ...(code === undefined ? {} : { code }) } });
const begin = (token: string, password = PASSWORD) => api.call('POST', '/api/auth/totp', { token, body: { password } });
const enable = (token: string, code: string) => api.call('POST', '/api/auth/totp/enable', { token, body: { code } });
const remove = (token: string, password = PASSWORD) =>
  api.call('DELETE', '/api/auth/totp', { token, body: { password } });

/** An agent with log-in codes on; the code of the present step is used. */
async function protect(name: string): Promise<Protected> {
  const agent = await api.addAgent(name);
  const { secret: shown } = (await begin(agent.token)).body;
  const secret = fromBase32(shown);
  const { recoveryCodes } = (await enable(agent.token, codeNow(secret))).body;
  return { ...agent, secret, recoveryCodes };
}

test('codes are on from the first right one; then a log-in asks for one', async () => {
  const { token, email } = await api.addAgent('first');
  const wrong = await begin(token, 'not it');
  expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'password']);
  expect((await enable(token, '123456')).status).toBe(409);
  const begun = await begin(token);
  expect(begun.body).toEqual({
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    uri: `otpauth://totp/Tradewind:first%40example.com?secret=${begun.body.secret}&issuer=Tradewind&algorithm=SHA1&digits=6&period=30`,
  });
  expect((await api.call('GET', '/api/me', { token })).body.totp).toBe(false);
  expect((await logIn(email)).status).toBe(200);
  const secret = fromBase32(begun.body.secret);
  const refused = await enable(token, codeNow(secret, 5));
  expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'code']);
  const enabled = await enable(token, codeNow(secret).replace(/(...)/, '$1 '));
  expect(enabled.status).toBe(200);
  expect(new Set(enabled.body.recoveryCodes).size).toBe(10);
  expect((await api.call('GET', '/api/me', { token })).body.totp).toBe(true);
  expect((await begin(token)).status).toBe(409);
  expect((await enable(token, codeNow(secret))).status).toBe(409);
  nextStep();
  const asked = await logIn(email);
  expect([asked.status, asked.body.type]).toEqual([401, 'urn:tradewind:code-required']);
  const { status, body } = await logIn(email, codeNow(secret));
  expect(status).toBe(200);
  expect(body.agent.totp).toBe(true);
});

test('a secret shown again replaces the one before', async () => {
  const { token } = await api.addAgent('again');
  const old = fromBase32((await begin(token)).body.secret);
  const secret = fromBase32((await begin(token)).body.secret);
  expect((await enable(token, codeNow(old))).status).toBe(400);
  expect((await enable(token, codeNow(secret))).status).toBe(200);
});

test('a code counts once, and so does the one it was switched on with', async () => {
  const { email, secret } = await protect('once');
  expect((await logIn(email, codeNow(secret))).status).toBe(401);
  nextStep();
  expect((await logIn(email, codeNow(secret))).status).toBe(200);
  const again = await logIn(email, codeNow(secret));
  expect([again.status, again.body.type]).toEqual([401, 'urn:tradewind:unauthenticated']);
  expect(again.body.errors[0].path).toBe('code');
  expect((await logIn(email, codeNow(secret, -1))).status).toBe(401);
  expect((await logIn(email, codeNow(secret, 1))).status).toBe(200);
});

test('clocks may differ by one step, not by two', async () => {
  const { email, secret } = await protect('drift');
  api.clock.now += 10 * 30_000;
  expect((await logIn(email, codeNow(secret, -2))).status).toBe(401);
  expect((await logIn(email, codeNow(secret, 2))).status).toBe(401);
  expect((await logIn(email, codeNow(secret, -1))).status).toBe(200);
  expect((await logIn(email, codeNow(secret))).status).toBe(200);
  expect((await logIn(email, codeNow(secret, 1))).status).toBe(200);
});

test('a code used on two nodes at the same moment counts once', async () => {
  const { email, secret, recoveryCodes } = await protect('nodes');
  const nodes = [api.createNode(), api.createNode(), api.createNode()];
  nextStep();
  for (const code of [codeNow(secret), recoveryCodes[0] ?? '']) {
    const tries = nodes.map((node) => node.login.login({ email, password: PASSWORD, code }, client));
    const settled = await Promise.allSettled(tries);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  }
});

test('each recovery code counts once, however it is typed', async () => {
  const { email, recoveryCodes } = await protect('recovery');
  for (const code of recoveryCodes.slice(0, 3)) {
    expect((await logIn(email, code.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
  }
  expect((await logIn(email, recoveryCodes[0])).status).toBe(401);
  expect((await logIn(email, recoveryCodes[9])).status).toBe(200);
});

test('asking for the code is no failure; wrong codes are, and only a whole log-in forgives them', async () => {
  const { email, secret } = await protect('limited');
  nextStep();
  for (let round = 0; round < 6; round++) expect((await logIn(email)).body.type).toMatch(/code-required$/);
  const statuses = [];
  for (let guess = 0; guess < 6; guess++) {
    statuses.push((await logIn(email, '000000')).status);
    if (guess < 4) expect((await logIn(email)).body.type).toMatch(/code-required$/);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  expect((await logIn(email, codeNow(secret))).status).toBe(429);
  api.clock.now += 60_000;
  expect((await logIn(email, codeNow(secret))).status).toBe(200);
});

test('a code without the right password tells nothing and is not used up', async () => {
  const { email, secret } = await protect('silent');
  nextStep();
  const wrong = await logIn(email, codeNow(secret), 'not it');
  expect(wrong.text).toBe((await logIn('nobody@example.com', codeNow(secret), 'not it')).text);
  expect((await logIn(email, codeNow(secret))).status).toBe(200);
});

test('codes are switched off with the password', async () => {
  const { email, token } = await protect('off');
  expect((await remove(token, 'not it')).body.errors[0].path).toBe('password');
  expect((await logIn(email)).status).toBe(401);
  expect((await remove(token)).status).toBe(204);
  expect((await remove(token)).status).toBe(204);
  expect((await logIn(email)).body.agent.totp).toBe(false);
});

test('an admin sees who has codes, and removes them for whoever lost phone and recovery codes', async () => {
  const { id, email } = await protect('stranded');
  const shown = async () => (await api.call('GET', `/api/agents/${id}`, { token: api.tokens.admin })).body.totp;
  expect(await shown()).toBe(true);
  const { items } = (await api.call('GET', '/api/agents?limit=200', { token: api.tokens.admin })).body;
  expect(items.find((one: { id: string }) => one.id === id).totp).toBe(true);
  expect((await api.call('DELETE', `/api/agents/${id}/totp`, { token: api.tokens.admin })).status).toBe(204);
  expect(await shown()).toBe(false);
  expect((await logIn(email)).status).toBe(200);
  expect((await api.call('DELETE', '/api/agents/nobody/totp', { token: api.tokens.admin })).status).toBe(404);
});

test('a link for a lost password sets it, but the code is still asked for', async () => {
  const { id, email, secret, token } = await protect('both');
  const { link } = (await api.call('POST', `/api/agents/${id}/reset-link`, { token: api.tokens.admin })).body;
  const body = { token: link.split('/').at(-1), password: 'another long one', cookie: true };
  const reset = await api.call('POST', '/api/auth/reset', { body });
  expect(reset.status).toBe(200);
  expect(reset.body).toEqual({ agent: expect.objectContaining({ id, totp: true }) });
  expect(reset.headers.get('set-cookie')).toBeNull();
  expect((await api.call('GET', '/api/me', { token })).status).toBe(401);
  expect((await logIn(email, undefined, 'another long one')).body.type).toMatch(/code-required$/);
  nextStep();
  expect((await logIn(email, codeNow(secret), 'another long one')).status).toBe(200);
});

test('[R16] the secret is encrypted, recovery codes are hashed, and the box opens for its own agent only', async () => {
  const { id, secret, recoveryCodes } = await protect('sealed');
  const row = await api.db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  expect(row.totp_secret?.includes(secret)).toBe(false);
  expect(row.recovery_hashes).toHaveLength(10);
  for (const code of recoveryCodes) {
    for (const hash of row.recovery_hashes) expect(hash.includes(Buffer.from(code.replaceAll('-', '')))).toBe(false);
  }
  const thief = await api.addAgent('thief');
  const stolen = { totp_secret: row.totp_secret, totp_since: 1 };
  await api.db.updateTable('agents').set(stolen).where('id', '=', thief.id).execute();
  expect((await logIn(thief.email, codeNow(secret))).status).toBe(500);
});

test.each([
  ['/api/auth/login', { email: 'a@b.c', password: 'x', code: 123456 }, 'code'],
  ['/api/auth/login', { email: 'a@b.c', password: 'x', code: '' }, 'code'],
  ['/api/auth/login', { email: 'a@b.c', password: 'x', code: 'x'.repeat(101) }, 'code'],
  ['/api/auth/totp', {}, 'password'],
  ['/api/auth/totp/enable', { code: null }, 'code'],
  ['/api/auth/totp/enable', { code: '1', secret: 'x' }, 'secret'],
])('%s with %j is refused by name', async (path, body, field) => {
  const answer = await api.call('POST', path, { token: api.tokens.ana, body });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].path).toBe(field);
});

test('[R17] switching on and off, removal and what was wrong are audited', async () => {
  const rows = await api.db.selectFrom('audit').selectAll().execute();
  const actions = new Set(rows.map((row) => row.action));
  for (const action of ['totp.begin', 'totp.enable', 'totp.remove']) expect(actions).toContain(action);
  const facts = JSON.stringify(rows.map((row) => row.after));
  for (const fact of ['"code":"app"', '"code":"recovery"', '"wrong":"code"']) expect(facts).toContain(fact);
});
