import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakePlatform } from '../../test/fake-platform.ts';
import { EgressRefusedError, safeFetch } from './egress.ts';
import { HttpRequestError, TooLargeError } from './http-request.ts';
import { isPrivateAddress } from './private-address.ts';

const platform = new FakePlatform();
let origin = '';
beforeAll(async () => {
  origin = await platform.start();
});
afterAll(() => platform.stop());
const options = (patch: object = {}) => ({
  allowedOrigin: origin,
  strict: false,
  signal: AbortSignal.timeout(5_000),
  maxBytes: 1_000,
  ...patch,
});

test.each([
  '127.0.0.1',
  '127.9.9.9',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '198.18.0.1',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2001::1',
])('%s is private', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
  '%s is public',
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);

test.each([
  'http://127.0.0.1:1/',
  'http://localhost:1/',
  'http://[::1]:1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://127.1/',
  'http://[::ffff:127.0.0.1]/',
  'http://169.254.169.254/latest/meta-data',
  'ftp://example.com/',
  'javascript:alert(1)',
  'not an address',
  'http://user:password@example.com/',
])('%s is refused before anything leaves', async (address) => {
  await expect(safeFetch(address, options())).rejects.toThrow(EgressRefusedError);
});

test('the configured origin may be private, unless egress is strict', async () => {
  platform.answerWith((response) => response.end('ok'));
  expect((await safeFetch(`${origin}/a`, options())).body.toString()).toBe('ok');
  await expect(safeFetch(`${origin}/a`, options({ strict: true }))).rejects.toThrow(EgressRefusedError);
  await expect(safeFetch(`${origin}/a`, options({ allowedOrigin: null }))).rejects.toThrow(EgressRefusedError);
});

test('redirects are checked anew, and headers are chosen anew', async () => {
  platform.answerWith((response, request) => {
    if (request.url === '/from') response.writeHead(302, { location: '/to' }).end();
    else if (request.url === '/inside') response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end();
    else response.end(request.headers['x-path']);
  });
  const headers = (url: URL) => ({ 'x-path': url.pathname });
  expect((await safeFetch(`${origin}/from`, options({ headers }))).body.toString()).toBe('/to');
  await expect(safeFetch(`${origin}/inside`, options())).rejects.toThrow('not a public address');
  await expect(safeFetch(`${origin}/round`, options())).rejects.toThrow('too many redirects');
  const posted = await safeFetch(`${origin}/from`, options({ method: 'POST', body: Buffer.from('x') }));
  expect(posted.status).toBe(302);
});

test('[R11] it is known whether anything was sent', async () => {
  const closed = new FakePlatform();
  const address = await closed.start();
  await closed.stop();
  await expect(safeFetch(address, options({ allowedOrigin: address }))).rejects.toMatchObject({ maybeSent: false });
  await expect(safeFetch('http://no-such-host.invalid/', options())).rejects.toMatchObject({ maybeSent: false });
  await expect(safeFetch(origin, options({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ maybeSent: false });
  platform.answerWith((response) => response.socket?.destroy());
  await expect(safeFetch(origin, options())).rejects.toMatchObject({ maybeSent: true });
  platform.answerWith(() => undefined);
  const late = safeFetch(origin, options({ signal: AbortSignal.timeout(100) }));
  await expect(late).rejects.toThrow(HttpRequestError);
  await expect(late).rejects.toMatchObject({ maybeSent: true });
});

test('an answer that is too large is not kept; one that breaks off keeps its status', async () => {
  platform.answerWith((response) => response.end('x'.repeat(1_001)));
  await expect(safeFetch(origin, options())).rejects.toThrow(TooLargeError);
  platform.answerWith((response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setTimeout(() => response.socket?.destroy(), 20);
  });
  expect(await safeFetch(origin, options())).toMatchObject({ status: 200, complete: false });
});
