import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { webChatConfigSchema } from './config.ts';
import { toPhone, verifyIdentity } from './identity.ts';

const NOW_MS = 1_767_225_600_000;
const NOW_S = NOW_MS / 1_000;
const SECRET = 'a secret of the shop';
const config = webChatConfigSchema.parse({ allowedOrigins: [], identitySecret: SECRET });

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
function build(
  claims: unknown,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
  secret = SECRET,
  hash = 'sha256',
): string {
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${createHmac(hash, secret).update(body).digest('base64url')}`;
}
const verify = (token: string) => verifyIdentity(token, config, NOW_MS);
const reasonOf = (token: string) => {
  const verdict = verify(token);
  return verdict.ok ? 'accepted' : verdict.reason;
};

test('the example of RFC 7515, A.1 is signed as we sign', () => {
  // The key of the example is binary; what is checked here is the form: two parts in base64url, HMAC-SHA256 over both.
  const key = Buffer.from(
    'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
    'base64url',
  );
  const signed =
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  expect(createHmac('sha256', key).update(signed).digest('base64url')).toBe(
    'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  );
});

test('a shop’s word is taken: id, name, address and number, ready to compare', () => {
  expect(
    verify(
      build({ sub: '17', name: ' Li  Lei\n', email: 'Li@Example.com', phone: '+86 (138) 0000-0000', exp: NOW_S + 1 }),
    ),
  ).toEqual({
    ok: true,
    identity: { subject: '17', name: 'Li  Lei', email: 'li@example.com', phone: '+8613800000000' },
  });
  expect(verify(build({ sub: 17 }))).toEqual({
    ok: true,
    identity: { subject: '17', name: '', email: null, phone: null },
  });
});

test('what cannot be trusted of it is left out: half an address, a local number, an address not proven', () => {
  const read = (claims: object) => verify(build({ sub: '17', ...claims }));
  expect(read({ email: 'li at example', phone: '138 0000 0000' })).toMatchObject({
    identity: { email: null, phone: null },
  });
  expect(read({ email: 'li@example.com', email_verified: false })).toMatchObject({ identity: { email: null } });
  expect(read({ email: 'li@example.com', email_verified: true })).toMatchObject({
    identity: { email: 'li@example.com' },
  });
});

test('expiry and beginning are respected to the second', () => {
  expect(reasonOf(build({ sub: '17', exp: NOW_S }))).toBe('has expired');
  expect(reasonOf(build({ sub: '17', exp: NOW_S + 1 }))).toBe('accepted');
  expect(reasonOf(build({ sub: '17', nbf: NOW_S + 1 }))).toBe('is not valid yet');
  expect(reasonOf(build({ sub: '17', nbf: NOW_S }))).toBe('accepted');
  expect(reasonOf(build({ sub: '17', exp: 'never' }))).toBe('has no usable exp');
});

test('[R3] forgeries are refused: no signature, another secret, another algorithm, a changed claim', () => {
  const claims = { sub: '17', exp: NOW_S + 60 };
  const [header, payload, signature] = build(claims).split('.');
  const none = `${encode({ alg: 'none' })}.${payload}`;
  expect(reasonOf(`${none}.`)).toBe('must be signed with HS256');
  expect(reasonOf(`${none}.${signature}`)).toBe('must be signed with HS256');
  expect(reasonOf(`${header}.${payload}.`)).toBe('has a wrong signature');
  expect(reasonOf(`${header}.${payload}`)).toBe('is not a JWT');
  expect(reasonOf(build(claims, undefined, 'another secret'))).toBe('has a wrong signature');
  expect(reasonOf(build(claims, { alg: 'HS512' }, SECRET, 'sha512'))).toBe('must be signed with HS256');
  expect(reasonOf(build(claims, { alg: 'hs256' }))).toBe('must be signed with HS256');
  expect(reasonOf(build(claims, { alg: 'HS256', crit: ['b64'], b64: false }))).toBe('must be signed with HS256');
  expect(reasonOf(`${header}.${encode({ ...claims, sub: '18' })}.${signature}`)).toBe('has a wrong signature');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = `${encode({ alg: 'RS256' })}.${payload}`;
  expect(reasonOf(`${rsa}.${sign('sha256', Buffer.from(rsa), privateKey).toString('base64url')}`)).toBe(
    'must be signed with HS256',
  );
});

test('without a secret nobody can vouch for anybody, not even with an empty one', () => {
  const { identitySecret: _secret, ...bare } = config;
  const unsigned = build({ sub: '17' }, undefined, '');
  expect(verifyIdentity(unsigned, bare, NOW_MS)).toEqual({ ok: false, reason: 'this account has no identitySecret' });
});

test.each([
  ['nothing', ''],
  ['dots', '...'],
  ['no JSON', 'e30.bm90IGpzb24.x'],
  ['a header that is null', `${encode(null)}.${encode({ sub: '1' })}.x`],
  ['a header that is a list', build({ sub: '1' }, ['HS256'])],
  ['no subject', build({ name: 'x' })],
  ['an empty subject', build({ sub: ' ' })],
  ['a subject that is a thing', build({ sub: { toString: 'x' } })],
  ['claims that are a text', build('sub')],
  ['a subject of control characters', build({ sub: '\u0000\u0001' })],
])('nonsense is refused: %s', (_what, token) => {
  expect(verify(token).ok).toBe(false);
});

test('[R15] a subject that would have to be tidied is refused: it may not become that of somebody else', () => {
  expect(reasonOf(build({ sub: 'li lei' }))).toBe('accepted');
  for (const sub of [' li', 'li ', 'li\u0001', 'li\tlei', 'li\nlei', '\u0000li', 'li\ud800', '\u00a0li']) {
    expect(reasonOf(build({ sub }))).toBe('has no usable sub');
  }
  // Beyond 2^53 two numbers of JSON are one in JavaScript.
  expect(reasonOf(build({ sub: 2 ** 53 }))).toBe('has no usable sub');
});

test('numbers count with their country only', () => {
  expect(['+1 415 555 2671', '+44.20.7946.0958', '0800 123', '+0123456789', '+123', 'x'].map(toPhone)).toEqual([
    '+14155552671',
    '+442079460958',
    null,
    null,
    null,
    null,
  ]);
});
