import { expect, test } from 'vitest';
import {
  config,
  EXAMPLE,
  eventRequest,
  formRequest,
  jsonRequest,
  multipartRequest,
  NOW_MS,
  sign,
  toParts,
  toRequest,
} from '../../../test/mailgun-webhooks.ts';
import type { RawWebhook } from '../../connector.ts';
import { describeInbound } from '../connector-contract.ts';
import { mailgunConfigSchema } from './config.ts';
import failedEvent from './fixtures/failed-event.json' with { type: 'json' };
import inbound from './fixtures/inbound.json' with { type: 'json' };
import { mailgunConnector } from './index.ts';
import { verifyMailgun } from './verify.ts';

const file = { name: 'attachment-1', value: Buffer.from([1, 2, 3]), fileName: 'a.png', contentType: 'image/png' };
const genuine = multipartRequest([...toParts(inbound.fields), file]);
const { signature: _signature, ...unsigned } = sign();

describeInbound({
  connector: mailgunConnector,
  config,
  configWithoutSecret: { ...config, signingKey: '' },
  nowMs: NOW_MS,
  genuine,
  again: multipartRequest([file, ...toParts(inbound.fields)]),
  wrongSignature: formRequest(inbound.fields, { ...sign(), signature: '0'.repeat(64) }),
  withoutSignature: formRequest(inbound.fields, unsigned),
  changedByte: formRequest(inbound.fields, { ...sign(), token: `${EXAMPLE.token.slice(0, -1)}3` }),
  batch: null,
  lateEcho: {
    request: eventRequest(failedEvent['event-data']),
    type: 'delivery',
    externalId: '<20260101000000.1.ABC@mail.shop.example>',
  },
  unknownType: eventRequest({ event: 'list_member_uploaded', id: 'x', timestamp: 1_767_225_600 }),
});

const verify = (request: RawWebhook, nowMs = NOW_MS) => verifyMailgun(request, config, nowMs);
const statusOf = (request: RawWebhook, nowMs = NOW_MS) => {
  const verdict = verify(request, nowMs);
  return verdict.ok ? 200 : verdict.status;
};
const hashOf = (request: RawWebhook) => {
  const verdict = verify(request);
  return verdict.ok ? verdict.facts.oneTimeToken?.contentHash.toString('hex') : verdict.reason;
};

test('[R3] the worked example of the platform facts is accepted', () => {
  const { key: _key, ...signature } = EXAMPLE;
  expect(statusOf(formRequest(inbound.fields, signature))).toBe(200);
  expect(statusOf(formRequest(inbound.fields, { ...signature, signature: signature.signature.slice(0, 63) }))).toBe(
    406,
  );
});

test.each([
  ['wrong signature', '0'.repeat(64)],
  ['short', 'abcd'],
  ['no hex', 'z'.repeat(64)],
  ['hex and more', `${EXAMPLE.signature}zz`],
  ['emoji', '😟'.repeat(32)],
])('[R3] a signature that is a %s is answered 406', (_what, signature) => {
  expect(statusOf(formRequest(inbound.fields, { ...sign(), signature }))).toBe(406);
});

test.each([
  ['one second too old', -32_401, 403],
  ['just within the window', -32_395, 200],
  ['two minutes ahead', 120, 200],
  ['ten minutes ahead', 600, 403],
])('[R3] a correctly signed request that is %s is never answered 406', (_what, offsetSeconds, status) => {
  const timestamp = String(Math.floor(NOW_MS / 1000) + offsetSeconds);
  expect(statusOf(formRequest(inbound.fields, sign(timestamp)))).toBe(status);
  expect(statusOf(eventRequest(failedEvent['event-data'], sign(timestamp)))).toBe(status);
});

test.each(['soon', '-1', '1e9', '', 'NaN', '99999999999999999'])(
  '[R3] a signed timestamp "%s" is refused',
  (timestamp) => {
    expect(statusOf(formRequest(inbound.fields, sign(timestamp)))).toSatisfy(
      (status) => status === 401 || status === 403,
    );
  },
);

test.each<[string, RawWebhook, number]>([
  ['an empty body', toRequest({ contentType: 'application/x-www-form-urlencoded', body: Buffer.alloc(0) }), 400],
  ['form fields as JSON', jsonRequest({ ...inbound.fields, ...sign() }), 401],
  ['JSON that is a list', jsonRequest([sign()]), 400],
  [
    'JSON labelled as a form',
    { ...jsonRequest({ signature: sign() }), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    401,
  ],
  ['a form labelled as JSON', { ...formRequest(inbound.fields), headers: { 'content-type': 'application/json' } }, 400],
  ['a multipart body without its end', { ...genuine, body: genuine.body.subarray(0, -20) }, 400],
  ['multipart without a boundary', { ...genuine, headers: { 'content-type': 'multipart/form-data' } }, 400],
  ['another content type', { ...genuine, headers: { 'content-type': 'text/plain' } }, 415],
  ['no content type', { ...genuine, headers: {} }, 415],
  [
    'a million separators',
    toRequest({ contentType: 'application/x-www-form-urlencoded', body: Buffer.from('a&'.repeat(1e6)) }),
    400,
  ],
  [
    'JSON nested beyond the stack',
    { ...jsonRequest({}), body: Buffer.from('{"signature":{},"a":'.repeat(1) + '['.repeat(1e6)) },
    400,
  ],
])('%s is refused with 4xx', (_what, request, status) => {
  expect(statusOf(request)).toBe(status);
});

test('a signed event nested beyond the stack is refused, not a crash', () => {
  const deep = `${'['.repeat(2e5)}${']'.repeat(2e5)}`;
  const body = Buffer.from(`{"signature":${JSON.stringify(sign())},"event-data":${deep}}`);
  expect(statusOf({ ...jsonRequest({}), body })).toBe(400);
});

test('of fields that come twice the last signature counts, and the first of everything else', async () => {
  const smuggled = [
    { name: 'timestamp', value: '1' },
    { name: 'token', value: 'x' },
    { name: 'signature', value: 'y' },
  ];
  const request = multipartRequest([...smuggled, ...toParts(inbound.fields), { name: 'subject', value: 'forged' }]);
  expect(statusOf(request)).toBe(200);
  expect(await mailgunConnector.parse(request, config, NOW_MS)).toMatchObject([{ subject: 'Re: 订单 #1001' }]);
});

test('[R2] the content under a token is its fields and files, not its bytes', () => {
  const parts = toParts(inbound.fields);
  const base = hashOf(multipartRequest([...parts, file]));
  expect(base).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(multipartRequest([file, ...parts.toReversed()]))).toBe(base);
  expect(hashOf(multipartRequest([...parts, file], sign('1767225603')))).toBe(base);
  expect(hashOf(multipartRequest([...parts, { ...file, value: Buffer.from([1, 2, 4]) }]))).not.toBe(base);
  expect(hashOf(multipartRequest([...parts, { ...file, fileName: 'b.png' }]))).not.toBe(base);
  expect(hashOf(multipartRequest(parts))).not.toBe(base);
  for (const part of parts) {
    const changed = parts.map((other) => (other === part ? { ...other, value: `${other.value}.` } : other));
    expect(hashOf(multipartRequest([...changed, file]))).not.toBe(base);
  }
});

test('[R2] the content of an event is everything but its signature', () => {
  const data = failedEvent['event-data'];
  const base = hashOf(eventRequest(data));
  expect(hashOf(eventRequest(Object.fromEntries(Object.entries(data).toReversed())))).toBe(base);
  expect(hashOf(eventRequest({ ...data, event: 'delivered' }))).not.toBe(base);
});

test('what ingest stores is short and free of U+0000', () => {
  const verdict = verify(
    eventRequest({ event: `deliv\u0000ered${'x'.repeat(9_999)}`, id: 'a\u0000b', timestamp: 1_767_225_600 }),
  );
  const facts = verdict.ok ? verdict.facts : null;
  expect(JSON.stringify([facts?.topic, facts?.laneKey, facts?.dedupeKey])).not.toContain('\\u0000');
  expect(facts?.topic.length).toBeLessThan(400);
});

test.each([
  [
    'a plain inbound mail',
    formRequest(inbound.fields),
    { topic: 'inbound', laneKey: 'li@example.com', dedupeKey: null },
  ],
  [
    'a stored mail',
    formRequest({ ...inbound.fields, 'message-url': 'https://x.example/1' }),
    { topic: 'inbound-stored' },
  ],
  [
    'a raw mail',
    formRequest({ from: 'Li@Example.com', 'body-mime': 'x' }, sign(), 'mime'),
    { topic: 'inbound-mime', laneKey: 'li@example.com' },
  ],
  [
    'a header that is called body-mime',
    formRequest({ ...inbound.fields, 'body-mime': 'From: forged' }),
    { topic: 'inbound' },
  ],
  ['a header that is called event', formRequest({ ...inbound.fields, event: 'delivered' }), { topic: 'inbound' }],
  [
    'an event',
    eventRequest(failedEvent['event-data']),
    { topic: 'failed', dedupeKey: 'event:failed:Ase7i2zsRYeDXztHGENqRA:2025-12-31' },
  ],
  ['a form event', formRequest({ event: 'delivered', 'Message-Id': 'a@b' }), { topic: 'delivered', laneKey: '<a@b>' }],
])('%s is described for ingest', (_what, request, facts) => {
  expect(verify(request)).toMatchObject({ ok: true, facts });
});

test('the configuration names what is wrong', () => {
  const problems = (patch: object) =>
    mailgunConfigSchema
      .safeParse({ ...config, ...patch })
      .error?.issues.map((issue) => [issue.path.join('.'), issue.code, 'keys' in issue ? issue.keys : []]);
  expect(problems({})).toBeUndefined();
  expect(problems({ region: 'eu' })).toEqual([['', 'unrecognized_keys', ['region']]]);
  expect(problems({ fromAddress: 'nobody' })).toMatchObject([['fromAddress', 'custom', []]]);
  expect(problems({ fromAddress: 'a@b.example, c@d.example' })).toMatchObject([['fromAddress', 'custom', []]]);
  expect(problems({ domain: 'mail/../x' })?.[0]?.[0]).toBe('domain');
  expect(problems({ apiBaseUrl: 'ftp://x.example' })?.[0]?.[0]).toBe('apiBaseUrl');
  const { maxAgeSeconds, apiBaseUrl } = mailgunConfigSchema.parse({
    signingKey: 'k',
    domain: 'd.example',
    fromAddress: 'a@d.example',
  });
  expect({ maxAgeSeconds, apiBaseUrl }).toEqual({ maxAgeSeconds: 32_400, apiBaseUrl: 'https://api.mailgun.net' });
});
