import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function collectLines(write: (log: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger('debug', { write: (line) => lines.push(line) }));
  return lines.join('');
}

const SECRETS = [
  'tw_AAAAAAAAAAAAAAAAAAAAAAAA',
  'hunter2-secret',
  'ada@example.com',
  'Where is my parcel?',
  '203.0.113.9',
] as const;
const [token, password, email, text, address] = SECRETS;

test.each([
  ['fields of any depth', { request: { headers: { authorization: `Bearer ${token}`, cookie: `a=${token}` } } }],
  ['passwords', { login: { password, newPassword: password } }],
  ['account secrets', { config: { signingKey: password }, signing_key: password, 'x-api-key': password }],
  ['message text', { message: { id: 'm1', text, subject: text, html: `<p>${text}</p>` } }],
  ['addresses', { customer: { email, emails: [email], remoteAddress: address, from: { address: email } } }],
  ['lists', { items: [{ token }, { password }] }],
  ['free text that quotes them', { reason: `login of ${email} with Bearer ${token} and ${token}` }],
])('[R16] the log hides %s', (_what, fields) => {
  const output = collectLines((log) => log.child({ component: 'test' }).info(fields, 'something happened'));
  for (const secret of SECRETS) expect(output).not.toContain(secret);
  expect(output).toContain('something happened');
});

test('[R16] the sentence itself and the bindings of a child are redacted too', () => {
  const output = collectLines((log) => log.child({ email, peer: email }).warn(`mail to ${email} with ${token}`));
  for (const secret of SECRETS) expect(output).not.toContain(secret);
});

test('[R16] an error keeps message, stack and code, not the row a database refused', () => {
  const cause = Object.assign(new Error(`connect postgres://desk:${password}@db.example failed`), {
    code: 'ECONNREFUSED',
  });
  const error = Object.assign(new Error('insert failed', { cause }), {
    detail: `Key (email)=(${email})`,
    parameters: [password],
  });
  const output = collectLines((log) => log.error({ err: error }, 'failed'));
  for (const secret of SECRETS) expect(output).not.toContain(secret);
  expect(output).toContain('insert failed');
  expect(output).toContain('ECONNREFUSED');
  expect(output).toContain('logger.test.ts');
});

test('ordinary fields stay readable', () => {
  const line = collectLines((log) =>
    log.info({ event: 'replication.page', accountId: 'a1', rows: 3, seq: 9 }, 'page served'),
  );
  expect(JSON.parse(line)).toMatchObject({
    event: 'replication.page',
    accountId: 'a1',
    rows: 3,
    seq: 9,
    msg: 'page served',
  });
});
