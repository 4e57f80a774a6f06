import { parseForm } from '@tradewind/fault-lab/http/parse-form';
import { parseSend } from '@tradewind/fault-lab/mailgun/parse-send';
import type { Message } from '@tradewind/shared/schemas/message';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakePlatform } from '../../../test/fake-platform.ts';
import { config } from '../../../test/mailgun-webhooks.ts';
import type { OutboundMessage } from '../../connector.ts';
import { describeSending } from '../connector-contract.ts';
import { buildSendForm, shortenReferences } from './build-request.ts';
import { mayHaveKey } from './fetch-file.ts';
import { mailgunConnector } from './index.ts';
import { readAnswer } from './send.ts';

const message: Message = {
  id: 'm1',
  conversationId: 'c1',
  channelAccountId: 'a1',
  direction: 'out',
  kind: 'text',
  urgency: 'normal',
  authorType: 'agent',
  authorId: 'agent1',
  from: null,
  to: [{ name: '李, 雷', address: 'li@example.com' }],
  cc: [{ name: '', address: 'han@example.com' }],
  bcc: [],
  replyToAddresses: [],
  subject: 'Re: 订单\r\nBcc: everyone@example.com',
  text: 'On its way 😟',
  html: '<p>On its way</p>',
  attachments: [],
  mentions: [],
  status: 'sending',
  failure: null,
  externalId: '<m1@mail.shop.example>',
  references: ['<root@x.example>', '<parent@x.example>'],
  replyTo: null,
  sentAt: 0,
  receivedAt: 0,
  createdSeq: 0,
  deleted: false,
  edits: [],
};
const outbound: OutboundMessage = { message, externalId: '<m1@mail.shop.example>', attachments: [] };

describeSending({
  createPlatform: () => new FakePlatform(),
  connector: mailgunConnector,
  configFor: (apiBaseUrl) => ({ ...config, apiBaseUrl }),
  message: outbound,
  accepted: { id: '<m1@mail.shop.example>', message: 'Queued. Thank you.' },
});

const platform = new FakePlatform();
let apiBaseUrl = '';
beforeAll(async () => {
  apiBaseUrl = await platform.start();
});
afterAll(() => platform.stop());
const context = (patch: object = {}) => ({
  config: { ...config, apiBaseUrl, ...patch },
  signal: AbortSignal.timeout(5_000),
  strictEgress: false,
});

test('the request is what Mailgun asks for', async () => {
  platform.answerJson(200, { id: '<m1@mail.shop.example>' });
  await mailgunConnector.send(outbound, context());
  const request = platform.seen.at(-1);
  expect(request).toMatchObject({ method: 'POST', url: '/v3/mail.shop.example/messages' });
  expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('api:key-0001').toString('base64')}`);
  const form = await parseForm(String(request?.headers['content-type']), request?.body ?? Buffer.alloc(0));
  expect(form && parseSend(form)).toMatchObject({
    ok: true,
    request: {
      messageId: '<m1@mail.shop.example>',
      from: { name: 'Shop', address: 'support@mail.shop.example' },
      to: [{ name: '李, 雷', address: 'li@example.com' }],
      cc: [{ address: 'han@example.com' }],
      bcc: [],
      subject: 'Re: 订单 Bcc: everyone@example.com',
      text: 'On its way 😟',
      html: '<p>On its way</p>',
      headers: { 'in-reply-to': '<parent@x.example>', references: '<root@x.example> <parent@x.example>' },
    },
  });
});

test('files go along byte for byte', async () => {
  const content = Buffer.from([0, 13, 10, 45, 45, 255]);
  const { contentType, body } = buildSendForm(
    { ...outbound, attachments: [{ name: '账单 "1".pdf', contentType: 'application/pdf', content }] },
    config,
  );
  const form = await parseForm(contentType, body);
  expect(form?.files).toEqual([
    expect.objectContaining({ field: 'attachment', contentType: 'application/pdf', content }),
  ]);
  expect(form && parseSend(form)).toMatchObject({ ok: true });
});

test('a long thread keeps its first id and its newest, within Mailgun’s 16 kB', () => {
  const references = Array.from({ length: 2_000 }, (_, index) => `<${index}.${'x'.repeat(40)}@example.com>`);
  const header = shortenReferences(references);
  expect(Buffer.byteLength(header)).toBeLessThanOrEqual(12_000);
  expect(header.startsWith(`${references[0]} `)).toBe(true);
  expect(header.endsWith(` ${references[1_999]}`)).toBe(true);
  expect(references).toHaveLength(2_000);
  expect(references[1]).toContain('<1.');
});

const answer = (status: number, body: string, headers: Record<string, string> = {}) =>
  readAnswer({ status, headers, body: Buffer.from(body), complete: true }, '<own@x>', 1_767_225_600_000);

test.each<[number, string, object]>([
  [200, '{"id":"<a@x>"}', { status: 'sent', externalId: '<a@x>' }],
  [200, '{"id":"a@x"}', { status: 'sent', externalId: '<a@x>' }],
  [200, '<html>', { status: 'sent', externalId: '<own@x>' }],
  [
    400,
    '{"message":"to parameter is not a valid address"}',
    { status: 'failed', retryable: false, reason: { kind: 'rejected', text: 'to parameter is not a valid address' } },
  ],
  [
    401,
    'Forbidden',
    { status: 'failed', retryable: false, reason: { kind: 'unauthorised', text: 'Mailgun answered 401.' } },
  ],
  [402, '{}', { status: 'failed', retryable: false }],
  [404, '{}', { status: 'failed', retryable: false, reason: { kind: 'unknown-domain' } }],
  [413, '', { status: 'failed', retryable: false, reason: { kind: 'too-large' } }],
  [302, '', { status: 'failed', retryable: false }],
  [500, '{"message":"Internal Server Error"}', { status: 'failed', retryable: true, reason: { kind: 'unavailable' } }],
  [503, '{"message":"try later"}', { status: 'failed', retryable: true }],
  [500, '<html>nginx</html>', { status: 'unknown' }],
  [503, '', { status: 'unknown' }],
  [502, '{"message":"Bad Gateway"}', { status: 'unknown' }],
  [504, '{"message":"Gateway Timeout"}', { status: 'unknown' }],
])('[R11] an answer %i %s is %j', (status, body, result) => {
  expect(answer(status, body)).toMatchObject(result);
});

test.each([
  [{ 'retry-after': '2.5' }, 2_500],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': '999999' }, 3_600_000],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('a rate limit with %j waits %s ms', (headers, retryAfterMs) => {
  const result = answer(429, '{}', headers as Record<string, string>);
  expect(result).toMatchObject({ status: 'failed', retryable: true });
  expect('retryAfterMs' in result ? result.retryAfterMs : undefined).toBe(retryAfterMs);
});

test('without an API key nothing is sent, and it says why', async () => {
  const before = platform.seen.length;
  const { apiKey: _apiKey, ...receiveOnly } = { ...config, apiBaseUrl };
  const result = await mailgunConnector.send(outbound, { ...context(), config: receiveOnly });
  expect(result).toMatchObject({ status: 'failed', retryable: false, reason: { kind: 'not-configured' } });
  expect(platform.seen).toHaveLength(before);
});

test('stored files are fetched with the key', async () => {
  platform.answerWith((response) => response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2])));
  const file = await mailgunConnector.fetchFile?.(`${apiBaseUrl}/v3/domains/x/messages/y/attachments/0`, context());
  expect(file).toEqual({ content: Buffer.from([1, 2]), contentType: 'image/png' });
  expect(platform.seen.at(-1)?.headers.authorization).toMatch(/^Basic /);
});

test('stored files elsewhere on private addresses are refused, and a 404 says so', async () => {
  const other = apiBaseUrl.replace('127.0.0.1', 'localhost');
  await expect(mailgunConnector.fetchFile?.(`${other}/x`, context())).rejects.toThrow('not a public address');
  await expect(mailgunConnector.fetchFile?.('file:///etc/passwd', context())).rejects.toThrow('only http and https');
  platform.answerJson(404, {});
  await expect(mailgunConnector.fetchFile?.(`${apiBaseUrl}/x`, context())).rejects.toMatchObject({
    name: 'PlatformError',
    status: 404,
  });
});

test.each([
  ['https://api.mailgun.net/v3/x', true],
  ['https://storage-us-east4.api.mailgun.net/v3/x', true],
  ['http://lab.example:8080/x', true],
  ['http://api.mailgun.net/v3/x', false],
  ['https://mailgun.net.evil.example/x', false],
  ['https://evilmailgun.net/x', false],
  ['https://lab.example:8080/x', false],
])('the key goes to %s: %s', (url, allowed) => {
  expect(mayHaveKey(new URL(url), 'http://lab.example:8080')).toBe(allowed);
});
