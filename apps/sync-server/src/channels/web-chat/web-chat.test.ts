import { expect, test } from 'vitest';
import type { RawWebhook } from '../../connector.ts';
import { describeInbound } from '../connector-contract.ts';
import { type WebChatConfig, webChatConfigSchema } from './config.ts';
import batch from './fixtures/batch.json' with { type: 'json' };
import message from './fixtures/message.json' with { type: 'json' };
import { webChatConnector } from './index.ts';
import { signChatRequest } from './verify.ts';

const NOW_MS = 1_767_225_700_000;
const SECRET = 'a secret of the shop';
const { identitySecret: _secret, ...withoutSecret } = webChatConfigSchema.parse({
  allowedOrigins: ['https://www.shop.example'],
  identitySecret: SECRET,
});
const config: WebChatConfig = { ...withoutSecret, identitySecret: SECRET };

function buildRequest(content: unknown, atMs = NOW_MS, secret = SECRET): RawWebhook {
  const body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  const timestamp = String(Math.floor(atMs / 1_000));
  return {
    method: 'POST',
    pathSuffix: '',
    query: '',
    headers: {
      'content-type': 'application/json',
      'x-tradewind-timestamp': timestamp,
      'x-tradewind-signature': signChatRequest(secret, timestamp, body),
    },
    body,
  };
}

const genuine = buildRequest(message);
const changed = Buffer.from(genuine.body);
changed[changed.length - 5] = 0x32;

describeInbound({
  connector: webChatConnector,
  config,
  configWithoutSecret: withoutSecret,
  nowMs: NOW_MS,
  genuine,
  again: buildRequest(message, NOW_MS + 60_000),
  wrongSignature: buildRequest(message, NOW_MS, 'another secret'),
  withoutSignature: {
    ...genuine,
    headers: { 'x-tradewind-timestamp': genuine.headers['x-tradewind-timestamp'] ?? '' },
  },
  changedByte: { ...genuine, body: changed },
  // Each message is preceded by who its visitor is; the receipt speaks of three things.
  batch: { request: buildRequest(batch), events: 7 },
  lateEcho: {
    request: buildRequest({ visitor: 'v', events: [{ type: 'receipt', read: ['m1'] }] }),
    type: 'delivery',
    externalId: 'm1',
  },
  unknownType: buildRequest({ visitor: 'v', events: [{ type: 'video-call', with: 'x' }] }),
});

const parse = async (content: unknown) => webChatConnector.parse(buildRequest(content), config, NOW_MS);
const verify = async (request: RawWebhook) => webChatConnector.verify(request, config, NOW_MS);

test('the documented signature: HMAC-SHA256 of time and body', () => {
  // printf '1767225600.{}' | openssl dgst -sha256 -hmac 'a secret of the shop'
  expect(signChatRequest(SECRET, '1767225600', '{}')).toBe(
    'v1=f4652b9c9a10463dc2320e891e4b6c2102cc327cbd6f19ad8986d74d44703838',
  );
});

test('[R3] a captured request is of no use after five minutes, nor with a later time put on it', async () => {
  expect(await verify(buildRequest(message, NOW_MS - 301_000))).toMatchObject({ ok: false, status: 403 });
  expect(await verify(buildRequest(message, NOW_MS + 301_000))).toMatchObject({ ok: false, status: 403 });
  const later = { ...genuine, headers: { ...genuine.headers, 'x-tradewind-timestamp': String(NOW_MS / 1_000 + 60) } };
  expect(await verify(later)).toMatchObject({ ok: false, status: 401 });
  const nonsense = signChatRequest(SECRET, 'soon', genuine.body);
  const headers = { 'x-tradewind-timestamp': 'soon', 'x-tradewind-signature': nonsense };
  expect(await verify({ ...genuine, headers })).toMatchObject({ ok: false, status: 403 });
});

test('a message says who the visitor is first, and keeps its words', async () => {
  expect(await parse(message)).toEqual([
    {
      type: 'visitor',
      visitor: 'app-user-17',
      vouched: { subject: '17', name: 'Li Lei', email: 'li@example.com', phone: '+8613800000000' },
      claimed: { name: null, email: null, phone: null },
      language: 'zh-CN',
      page: 'https://www.shop.example/orders/1001',
      at: 1_767_225_600_000,
    },
    expect.objectContaining({
      type: 'message',
      medium: 'chat',
      externalId: 'app-user-17/0198c0de-0001',
      sender: { kind: 'external', value: 'app-user-17', name: 'Li Lei' },
      text: '还没收到货 😟',
      html: null,
      sentAt: 1_767_225_600_000,
    }),
  ]);
});

test('nothing is from the future, and what was not said has the time of its receipt', async () => {
  const at = async (given?: number) =>
    (await parse({ visitor: 'v', events: [{ type: 'message', id: 'message-1', text: 'x', at: given }] }))[1];
  expect(await at(NOW_MS + 1)).toMatchObject({ sentAt: NOW_MS });
  expect(await at(NOW_MS - 1)).toMatchObject({ sentAt: NOW_MS - 1 });
  expect(await at()).toMatchObject({ sentAt: NOW_MS });
});

test('a message is known by its id whatever else is in the request; lanes are visitors', async () => {
  const facts = async (content: object) => {
    const verdict = await verify(buildRequest({ visitor: 'v', ...content }));
    return verdict.ok ? verdict.facts : verdict;
  };
  const event = { type: 'message', id: 'message-1', text: 'x' };
  expect(await facts({ events: [event] })).toEqual({
    topic: 'message',
    laneKey: 'v',
    dedupeKey: 'message:v/message-1',
  });
  expect(await facts({ page: 'https://x.example/', events: [{ ...event, at: 5 }] })).toMatchObject({
    dedupeKey: 'message:v/message-1',
  });
  expect(await facts({ events: [{ type: 'profile', name: 'x' }] })).toMatchObject({
    dedupeKey: expect.stringMatching(/^request:/),
  });
});

test('hostile characters never reach a document: names are one line, texts hold no U+0000', async () => {
  const events = await parse({
    visitor: 'v',
    vouched: { subject: 's\u0000\n1', name: 'Li\r\nLei\u0007' },
    events: [
      { type: 'message', id: 'message-1', text: 'a\u0000b\r\nc\ud800' },
      { type: 'profile', name: 'x\ny', email: 'not a mail address' },
    ],
  });
  expect(events).toMatchObject([
    { vouched: { subject: 's 1', name: 'Li Lei' } },
    { text: 'ab\nc\ufffd' },
    { claimed: { name: 'x y', email: 'not a mail address' } },
  ]);
});

test.each([
  ['a visitor id with spaces', { visitor: 'a b', events: [{ type: 'message', id: 'message-1', text: 'x' }] }],
  ['no events', { visitor: 'v', events: [] }],
  ['a list', []],
  ['null', null],
])('a genuine request that is none: %s', async (_what, content) => {
  expect(await verify(buildRequest(content))).toMatchObject({ ok: false, status: 400 });
});

test.each([
  ['an id of nothing', { type: 'message', id: 'x', text: 'x' }],
  ['a score of 6', { type: 'rating', conversationId: 'c1', score: 6 }],
  ['an id that is no id', { type: 'receipt', read: ['a\u0000b'] }],
])('[R4] an event of a known type that cannot be read is a dead letter with its reason: %s', async (_what, event) => {
  await expect(parse({ visitor: 'v', events: [event] })).rejects.toThrow(`A ${event.type} event cannot be read`);
});

test('sending says at once that the message is there, any number of times', async () => {
  const outbound = { message: {}, externalId: 'm1', attachments: [] } as unknown as Parameters<
    typeof webChatConnector.send
  >[0];
  const context = { config, signal: AbortSignal.timeout(1_000), strictEgress: true };
  for (let time = 0; time < 2; time++) {
    expect(await webChatConnector.send(outbound, context)).toEqual({ status: 'sent', externalId: 'm1' });
  }
  expect(webChatConnector.createExternalId('m1', config)).toBe('m1');
});
