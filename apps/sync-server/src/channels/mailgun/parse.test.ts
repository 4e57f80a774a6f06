import { expect, test } from 'vitest';
import {
  config,
  eventRequest,
  type Fields,
  formRequest,
  multipartRequest,
  NOW_MS,
  sign,
  toParts,
} from '../../../test/mailgun-webhooks.ts';
import { type InboundEvent, ParseError, type RawWebhook } from '../../connector.ts';
import failedEvent from './fixtures/failed-event.json' with { type: 'json' };
import inbound from './fixtures/inbound.json' with { type: 'json' };
import { mailgunConnector } from './index.ts';

type Mail = Extract<InboundEvent, { type: 'message' }>;

async function parseOne(request: RawWebhook): Promise<InboundEvent> {
  const [event] = await mailgunConnector.parse(request, config, NOW_MS);
  if (!event) throw new Error('no event');
  return event;
}

async function parseMail(request: RawWebhook): Promise<Mail> {
  const event = await parseOne(request);
  if (event.type !== 'message') throw new Error(`a ${event.type}`);
  return event;
}

const headers = (list: [string, string][]): Fields => ({ 'message-headers': JSON.stringify(list) });
const gbk = (hex: string) => Buffer.from(hex, 'hex');
const GBK_TEXT = gbk('bbb9c3bbcad5b5bdbbf5'); // 还没收到货

test('the sample of the platform facts', async () => {
  expect(await parseMail(formRequest(inbound.fields))).toEqual({
    type: 'message',
    externalId: '<CA+x1@mail.example.com>',
    medium: 'mail',
    sender: { kind: 'email', value: 'li@example.com', name: '李雷' },
    from: { name: '李雷', address: 'li@example.com' },
    to: [{ name: 'Shop', address: 'support@mail.shop.example' }],
    cc: [{ name: 'Han, Meimei', address: 'han@example.com' }],
    replyTo: [{ name: '', address: 'li+reply@example.com' }],
    subject: 'Re: 订单 #1001',
    text: inbound.fields['body-plain'],
    html: inbound.fields['body-html'],
    attachments: [],
    references: ['<root@mail.shop.example>', '<20260101000000.1.ABC@mail.shop.example>'],
    sentAt: NOW_MS,
  });
});

test('header names are compared without case, and missing brackets are added', async () => {
  const list: [string, string][] = [
    ['MESSAGE-ID', 'a@x.example'],
    ['references', 'r1@x.example\r\n <r2@x.example>, <r1@x.example>'],
    ['In-reply-to', 'Your message of Monday <r0@x.example>'],
  ];
  expect(await parseMail(formRequest({ ...inbound.fields, ...headers(list) }))).toMatchObject({
    externalId: '<a@x.example>',
    references: ['<r1@x.example>', '<r2@x.example>', '<r0@x.example>'],
  });
});

test('without Message-Id the same mail gets the same id, another one another', async () => {
  const idOf = async (fields: Fields) => (await parseMail(formRequest({ ...inbound.fields, ...fields }))).externalId;
  const bare = headers([['Date', 'Thu, 1 Jan 2026 00:00:00 +0000']]);
  expect(await idOf(bare)).toMatch(/^<[0-9a-f]{40}@generated\.invalid>$/);
  expect(await idOf(bare)).toBe(await idOf(bare));
  expect(await idOf({ ...bare, 'body-plain': 'other' })).not.toBe(await idOf(bare));
  expect(await idOf(headers([['Date', 'Fri, 2 Jan 2026 00:00:00 +0000']]))).not.toBe(await idOf(bare));
});

test('damaged message-headers cost the thread, not the mail; copies posted as fields are used', async () => {
  const fields = { ...inbound.fields, 'message-headers': '[["Message-Id",' };
  expect(await parseMail(formRequest(fields))).toMatchObject({ references: [], text: inbound.fields['body-plain'] });
  const copies = { 'Message-Id': '<c@x.example>', 'In-Reply-To': '<d@x.example>' };
  expect(await parseMail(formRequest({ ...fields, ...copies }))).toMatchObject({
    externalId: '<c@x.example>',
    references: ['<d@x.example>'],
  });
});

test('headers that message-headers leaves out are taken from their copies, however they are spelled', async () => {
  const fields = { ...inbound.fields, ...headers([['In-Reply-To', '<listed@x.example>']]) };
  const copies = { 'message-id': '<c@x.example>', 'In-Reply-To': '<other@x.example>', Cc: 'c@x.example' };
  expect(await parseMail(formRequest({ ...fields, ...copies }))).toMatchObject({
    externalId: '<c@x.example>',
    references: ['<listed@x.example>'],
    cc: [{ address: 'c@x.example' }],
  });
});

test('a mail with thousands of headers, each posted as a field too, is read', async () => {
  const many = Array.from({ length: 8_000 }, (_, index): [string, string] => [`X-Trace-${index}`, 'v']);
  const request = formRequest({
    ...inbound.fields,
    ...Object.fromEntries(many),
    ...headers([['Message-Id', '<m@x>'], ...many]),
  });
  expect(await mailgunConnector.verify(request, config, NOW_MS)).toMatchObject({ ok: true });
  expect(await parseMail(request)).toMatchObject({ externalId: '<m@x>' });
});

test.each([
  ['plain text in full', { 'body-plain': 'a\r\n\r\n> b', 'body-html': '<p>c</p>' }, 'a\n\n> b'],
  [
    'text of the HTML where there is no plain part',
    { 'body-html': '<p>Hi <b>you</b></p><script>alert(1)</script><p>Bye</p>' },
    'Hi you\n\nBye',
  ],
  ['text of the HTML where the plain part is blank', { 'body-plain': ' \r\n', 'body-html': '<p>Hi</p>' }, 'Hi'],
  ['nothing where only files were sent', {}, ''],
])('text is %s', async (_what, bodies, text) => {
  const { 'body-plain': _plain, 'body-html': _html, ...rest } = inbound.fields;
  expect(await parseMail(formRequest({ ...rest, 'stripped-text': 'never this', ...bodies }))).toMatchObject({ text });
});

test.each([
  ['=?gbk?B?wO7A1w==?= <li@example.com>', 'li@example.com', '李雷'],
  ['"李雷 <li@example.com>"', 'li@example.com', '李雷'],
  ['=?utf-8?B?IuadjumbtyIgPGxpQGV4YW1wbGUuY29tPg==?=', 'li@example.com', '李雷'],
  ['=?utf-8?q?Ren=C3=A9_?= =?utf-8?q?Dupont?= <Rene@Example.COM>', 'rene@example.com', 'René Dupont'],
  ['"boss@shop.example" <li@example.com>', 'li@example.com', 'boss@shop.example'],
  ['Li Lei, Sales <li@example.com>', 'li@example.com', 'Li Lei, Sales'],
  ['li@example.com (Li Lei)', 'li@example.com', 'Li Lei'],
  ['<>', 'bounce+li@mx.example', ''],
  ['', 'bounce+li@mx.example', ''],
  ['not an address', 'bounce+li@mx.example', ''],
  ['مرحبا\u202e <li@example.com>', 'li@example.com', 'مرحبا\u202e'],
])('From %j is %s', async (from, value, name) => {
  expect((await parseMail(formRequest({ ...inbound.fields, from }))).sender).toEqual({ kind: 'email', value, name });
});

test('a mail that names no sender at all cannot be read', async () => {
  await expect(parseOne(formRequest({ ...inbound.fields, from: 'x', sender: '' }))).rejects.toThrow(ParseError);
});

test('U+0000 and half surrogates never come out; emoji and right-to-left text stay', async () => {
  const nasty = '\u0000😟\u0000 שלום \u202e';
  const fields = {
    ...inbound.fields,
    subject: nasty,
    'body-plain': nasty,
    'body-html': `<p>${nasty}</p>`,
    from: `${nasty} <li@example.com>`,
  };
  const list = headers([
    ['Message-Id', '<a\u0000b@x.example>'],
    ['Cc', 'a\u0000 <c@x.example>'],
    ['Subject', '\ud800'],
  ]);
  const mail = await parseMail(formRequest({ ...fields, ...list }));
  expect(JSON.stringify(mail)).not.toMatch(/\\u0000|\\ud[89ab]/i);
  expect(mail).toMatchObject({ text: '😟 שלום \u202e', externalId: '<ab@x.example>' });
});

test('text in GBK is read, with and without a charset', async () => {
  const { 'body-plain': _plain, ...rest } = inbound.fields;
  const field = (contentType?: string) => ({
    name: 'body-plain',
    value: GBK_TEXT,
    ...(contentType ? { contentType } : {}),
  });
  for (const part of [
    field('text/plain; charset=GBK'),
    field('text/plain; charset="gb2312"'),
    field(),
    field('text/plain; charset=utf-8'),
  ]) {
    expect(await parseMail(multipartRequest([part, ...toParts(rest)]))).toMatchObject({ text: '还没收到货' });
  }
  expect(await parseMail(formRequest({ ...rest, 'body-plain': GBK_TEXT }))).toMatchObject({ text: '还没收到货' });
  expect(await parseMail(formRequest({ ...rest, 'body-plain': gbk('636166e920') }))).toMatchObject({ text: 'café ' });
});

test('files come with their names, types and content ids; maps with double and empty keys are read', async () => {
  const map = '{"<a@x>":"attachment-1","":"attachment-2","<a@x>":"attachment-3","<late@x>":"attachment-3"}';
  const named = (index: number, fileName: string, contentType?: string) => ({
    name: `attachment-${index}`,
    value: Buffer.from([index]),
    fileName,
    ...(contentType ? { contentType } : {}),
  });
  const { attachments } = await parseMail(
    multipartRequest([
      ...toParts({ ...inbound.fields, 'content-id-map': map }),
      named(1, '图片.png', 'image/png; name=x'),
      named(2, '../../etc/pass\u202ewd', 'nonsense'),
      named(3, ''),
    ]),
  );
  expect(attachments).toEqual([
    { name: '图片.png', contentType: 'image/png', contentId: 'a@x', source: { content: Buffer.from([1]) } },
    { name: 'passwd', contentType: 'application/octet-stream', contentId: null, source: { content: Buffer.from([2]) } },
    {
      name: 'attachment-3',
      contentType: 'application/octet-stream',
      contentId: 'a@x',
      source: { content: Buffer.from([3]) },
    },
  ]);
});

test('stored files keep their addresses', async () => {
  const stored = {
    'message-url': 'https://storage.example/m',
    attachments: JSON.stringify([
      { url: 'https://storage.example/0', name: 'a.pdf', size: 12, 'content-type': 'application/pdf' },
    ]),
  };
  expect(await parseMail(formRequest({ ...inbound.fields, ...stored }))).toMatchObject({
    attachments: [
      { name: 'a.pdf', contentType: 'application/pdf', source: { url: 'https://storage.example/0', sizeBytes: 12 } },
    ],
  });
  for (const broken of ['[{', '{}', '[null]', '[{"name":"a"}]', '[[]]']) {
    await expect(parseOne(formRequest({ ...inbound.fields, attachments: broken }))).rejects.toThrow(/^attachments/);
  }
});

test('a raw mail is read whole: charset of body and headers, files, thread', async () => {
  const raw = Buffer.concat([
    Buffer.from('From: '),
    gbk('c0eec0d7'), // 李雷, 8-bit
    Buffer.from(' <li@example.com>\r\nTo: support@mail.shop.example\r\nSubject: =?gb2312?B?'),
    Buffer.from('tqm1pbo=?=\r\n =?gb2312?B?xQ==?=\r\nMessage-ID: <m@x.example>\r\nReferences: <r1@x>\r\n\t<r2@x>\r\n'),
    Buffer.from(
      'Content-Type: multipart/mixed; boundary=b; charset=gbk\r\n\r\n--b\r\nContent-Type: text/plain; charset=gbk\r\n\r\n',
    ),
    GBK_TEXT,
    Buffer.from(
      '\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <p@x>\r\nContent-Disposition: inline; filename="p.png"\r\n',
    ),
    Buffer.from('Content-Transfer-Encoding: base64\r\n\r\nAQID\r\n--b--\r\n'),
  ]);
  const envelope = { recipient: 'support@mail.shop.example', sender: 's@x.example', from: 'x', subject: 'x' };
  const mail = await parseMail(formRequest({ ...envelope, 'body-mime': raw }, sign(), 'mime'));
  expect(mail).toMatchObject({
    externalId: '<m@x.example>',
    sender: { value: 'li@example.com', name: '李雷' },
    subject: '订单号',
    text: expect.stringMatching(/^还没收到货\s*$/),
    references: ['<r1@x>', '<r2@x>'],
    attachments: [
      { name: 'p.png', contentType: 'image/png', contentId: 'p@x', source: { content: Buffer.from([1, 2, 3]) } },
    ],
  });
});

test.each([
  ['big5', Buffer.from('a7daa6dcb3fc', 'hex'), '我至野'],
  ['iso-2022-jp', Buffer.from('\u001b$B8&5f\u001b(B', 'latin1'), '研究'],
])('a raw mail in %s is read', async (charset, bytes, text) => {
  const raw = Buffer.concat([
    Buffer.from(`From: a@x.example\r\nContent-Type: text/plain; charset=${charset}\r\n\r\n`),
    bytes,
  ]);
  const mail = await parseMail(formRequest({ 'body-mime': raw }, sign(), 'mime'));
  expect(mail.text.trim()).toBe(new TextDecoder(charset).decode(bytes));
  expect(mail.text).toContain(text.slice(0, 1));
});

const about = failedEvent['event-data'];
test.each<[string, object, object]>([
  ['accepted', { event: 'accepted' }, { outcome: 'accepted', failure: null }],
  [
    'delivered',
    { event: 'delivered', 'delivery-status': { code: 250, message: 'OK' } },
    { outcome: 'delivered', failure: null, at: 1_767_225_599_520 },
  ],
  ['failed for good', {}, { outcome: 'failed', failure: { kind: 'bounced', text: '550 5.1.1 no such user (bounce)' } }],
  [
    'failed for now',
    { severity: 'temporary' },
    { outcome: 'delayed', failure: { kind: 'delayed', text: expect.any(String) } },
  ],
  ['suppressed', { reason: 'suppress-bounce' }, { outcome: 'failed', failure: { kind: 'suppressed' } }],
  [
    'rejected',
    { event: 'rejected', reject: { reason: 'virus', description: 'a virus' } },
    { outcome: 'failed', failure: { kind: 'rejected' } },
  ],
  ['opened', { event: 'opened' }, { outcome: 'read', failure: null }],
  ['complained', { event: 'complained' }, { outcome: 'complained' }],
  ['unsubscribed', { event: 'unsubscribed' }, { outcome: 'unsubscribed' }],
  [
    'failed, with words that say nothing',
    { 'delivery-status': { code: 550, message: '', description: null }, reason: '' },
    { failure: { kind: 'bounced', text: '550' } },
  ],
  ['with a time out of this world', { timestamp: 1e300 }, { at: NOW_MS }],
])('event: %s', async (_what, patch, expected) => {
  const id = '<20260101000000.1.ABC@mail.shop.example>';
  expect(await parseOne(eventRequest({ ...about, ...patch }))).toMatchObject({
    type: 'delivery',
    externalId: id,
    ...expected,
  });
});

test('clicks and unknown events are ignored, even those named like methods', async () => {
  for (const event of ['clicked', 'stored', 'constructor', '__proto__', 'toString']) {
    expect(await parseOne(eventRequest({ ...about, event }))).toMatchObject({ type: 'ignored' });
  }
});

test('an event that names no message or no kind cannot be read', async () => {
  await expect(parseOne(eventRequest({ ...about, message: null }))).rejects.toThrow(
    'event-data.message.headers.message-id is missing.',
  );
  await expect(parseOne(eventRequest(undefined))).rejects.toThrow('event-data.event is missing.');
});

test('the older form events are read', async () => {
  const fields = {
    event: 'dropped',
    'Message-Id': '<o@x.example>',
    recipient: 'gone@example.com',
    code: '605',
    description: 'Not delivering',
    reason: 'hardfail',
  };
  expect(await parseOne(formRequest(fields))).toMatchObject({
    type: 'delivery',
    externalId: '<o@x.example>',
    outcome: 'failed',
    failure: { kind: 'bounced', text: '605 Not delivering (hardfail)' },
    at: 1_767_225_600_000,
  });
  expect(await parseOne(formRequest({ ...fields, event: 'opened' }))).toMatchObject({ outcome: 'read', failure: null });
});

test('an older form event that names its message only in message-headers is read, in the lane of that message', async () => {
  const id = '<o@x.example>';
  const request = formRequest({
    event: 'bounced',
    code: '550',
    error: 'no such user',
    ...headers([['Message-Id', id]]),
  });
  expect(await parseOne(request)).toMatchObject({ type: 'delivery', externalId: id, outcome: 'failed' });
  expect(await mailgunConnector.verify(request, config, NOW_MS)).toMatchObject({ ok: true, facts: { laneKey: id } });
});
