import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type CallOptions, PASSWORD, startTestApi, type TestApi } from '../../test/api.ts';
import { FakePlatform } from '../../test/fake-platform.ts';
import { codeOfStep, toStep } from '../auth/totp.ts';
import { readChangesPage } from '../replication/changes-page.ts';

// One life at the desk, from set-up to a lost password; then every answer, the log, what consoles replicate and the
// database are searched for what only one person was told, once.
let api: TestApi;
const mailgun = new FakePlatform();
const answers: string[] = [];
beforeAll(async () => {
  api = await startTestApi({}, { empty: true });
  mailgun.answerJson(200, { message: 'Queued.' });
});
afterAll(async () => {
  await api.close();
  await mailgun.stop();
});

interface Secret {
  what: string;
  value: string;
}

async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const answer = await api.call(method, path, options);
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  answers.push(answer.text + JSON.stringify([...answer.headers]));
  return answer;
}

async function liveThrough(): Promise<Secret[]> {
  const secrets: Secret[] = [];
  const keep = (what: string, value: string) => {
    secrets.push({ what, value });
    return value;
  };
  const keepToken = ({ body }: Answer) => keep('session token', body.token);
  const code = keep('set-up code', api.setupCode ?? '');
  const rootPassword = keep('password of the admin', 'root-password-1');
  const root = { email: 'root@shop.example', name: 'Root', deskName: 'Shop', timeZone: 'UTC' };
  const token = keepToken(await call('POST', '/api/setup', { body: { code, password: rootPassword, ...root } }));
  const config = {
    signingKey: 'k',
    apiKey: 'a',
    domain: 'mg.example',
    fromAddress: 's@mg.example',
    apiBaseUrl: await mailgun.start(),
  };
  await call('POST', '/api/channels', { token, body: { kind: 'mailgun', name: 'Mail', config } });

  const invited = await call('POST', '/api/invites', { token, body: { email: 'mei@shop.example' } });
  const invite = keep('token of the invitation', invited.body.link.split('/').at(-1));
  await call('GET', `/api/invites/by-token/${invite}`);
  const body = { name: 'Mei', password: keep('password of the agent', PASSWORD) };
  const accepted = await call('POST', `/api/invites/by-token/${invite}/accept`, { body });
  const mei = keepToken(accepted);

  const { secret, uri } = (await call('POST', '/api/auth/totp', { token: mei, body: { password: PASSWORD } })).body;
  expect(uri).toContain(keep('secret of the app', secret));
  const codeNow = () => codeOfStep(fromBase32(secret), toStep(api.clock.now));
  const enabled = await call('POST', '/api/auth/totp/enable', { token: mei, body: { code: codeNow() } });
  for (const recovery of enabled.body.recoveryCodes) keep('recovery code', recovery);
  api.clock.now += 30_000;
  const credentials = { email: 'mei@shop.example', password: PASSWORD };
  keepToken(await call('POST', '/api/auth/login', { body: { ...credentials, code: codeNow() } }));
  keepToken(await call('POST', '/api/auth/login', { body: { ...credentials, code: enabled.body.recoveryCodes[0] } }));

  const { id } = accepted.body.agent;
  const made = await call('POST', `/api/agents/${id}/reset-link`, { token });
  const reset = keep('token of the reset', made.body.link.split('/').at(-1));
  const chosen = keep('password chosen by the link', 'mei-password-2');
  await call('POST', '/api/auth/reset', { body: { token: reset, password: chosen } });
  await call('POST', '/api/auth/forgot', { body: { email: 'mei@shop.example' } });
  await api.people.resets.settled();
  await api.people.mail.settled();
  const mailed = /reset%2F(tw_[\w-]{43})/.exec(mailgun.seen.map((one) => one.body.toString()).join());
  keep('token of the mailed reset', mailed?.[1] ?? '');
  const changed = keep('password of the admin, changed', 'root-password-2');
  await call('POST', '/api/auth/password', { token, body: { current: rootPassword, password: changed } });
  await call('DELETE', `/api/agents/${id}/totp`, { token });
  for (const path of ['/api/setup', '/api/desk', '/api/me', '/api/invites', '/api/agents', `/api/agents/${id}`])
    await call('GET', path, { token });
  for (const path of [`/api/sessions?agentId=${id}`, '/api/sessions', '/api/audit?limit=200', '/api/channels'])
    await call('GET', path, { token });
  return secrets;
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Everything in the database, bytes as hexadecimal. */
async function dumpDatabase(): Promise<string> {
  const tables = [
    'desk',
    'agents',
    'sessions',
    'invites',
    'password_resets',
    'login_failures',
    'audit',
    'change_log',
  ] as const;
  const rows = await Promise.all(tables.map((table) => api.db.selectFrom(table).selectAll().execute()));
  return JSON.stringify(rows, (_key, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  );
}

test('[R16] what one person is told once is nowhere else: not in another answer, the log, the replica or the database', async () => {
  const secrets = await liveThrough();
  expect(secrets.every(({ value }) => value.length >= 10)).toBe(true);
  const desk = await api.db.selectFrom('desk').select('id').executeTakeFirstOrThrow();
  const request = { checkpoint: null, accessVersion: null, limit: 5_000 };
  const page = await readChangesPage(
    api.db,
    desk.id,
    { agentId: 'a', scopes: ['all'], accessVersion: 1 },
    request,
    api.clock.now,
  );
  expect(page).toContain('mei@shop.example');
  const kept = { log: api.logged(), replica: page, database: await dumpDatabase() };
  for (const { what, value } of secrets) {
    // Recovery codes are stored and typed without their hyphens.
    const forms = [value, value.replaceAll('-', '')];
    for (const [place, text] of Object.entries(kept)) {
      for (const form of forms) expect(text.includes(form), `${what} in the ${place}`).toBe(false);
    }
    // Passwords are told to nobody, codes and tokens only by the answer that made them.
    const isTold = !/password|set-up|mailed/.test(what);
    expect(answers.filter((answer) => answer.includes(value)).length, what).toBe(isTold ? 1 : 0);
  }
});
