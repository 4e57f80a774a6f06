import { createHmac, randomBytes } from 'node:crypto';
import type { SignedRequest } from '@tradewind/fault-lab/outgoing/webhook-poster';
import { signShopify } from '@tradewind/fault-lab/shopify/sign';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestDesk, type TestDesk } from './desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk();
});
afterAll(() => desk.close());

async function post(request: Omit<SignedRequest, 'method'>): Promise<number> {
  const response = await fetch(request.url, { method: 'POST', headers: request.headers, body: request.body });
  await response.arrayBuffer();
  return response.status;
}

/** Waits until nothing is pending any more. */
async function settle(): Promise<void> {
  await vi.waitFor(async () => {
    const rows = await desk.database.db
      .selectFrom('inbound_states')
      .select('event_id')
      .where('state', '=', 'pending')
      .execute();
    expect(rows).toEqual([]);
  });
}

async function countEvents(): Promise<number> {
  const row = await desk.database.db
    .selectFrom('inbound_events')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

const mailForm = (
  fields: Record<string, string>,
  signature?: { timestamp?: string; token?: string; key?: string },
): SignedRequest => {
  const timestamp = signature?.timestamp ?? String(Math.floor(Date.now() / 1000));
  const token = signature?.token ?? randomBytes(25).toString('hex');
  const key = signature?.key ?? 'test-signing-key';
  const body = new URLSearchParams({
    recipient: 'support@shop.example',
    sender: 'li@example.com',
    from: 'Li <li@example.com>',
    ...fields,
    timestamp,
    token,
    signature: createHmac('sha256', key)
      .update(timestamp + token)
      .digest('hex'),
  });
  return {
    url: `${desk.url}/webhooks/mailgun/${desk.channelId}`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(body.toString()),
  };
};

const shopWebhook = (body: Buffer, headers: Record<string, string> = {}): SignedRequest => ({
  url: `${desk.url}/webhooks/shopify/${desk.storeId}`,
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/create',
    'x-shopify-shop-domain': 'test.myshopify.com',
    'x-shopify-event-id': randomBytes(8).toString('hex'),
    'x-shopify-hmac-sha256': signShopify('test-client-secret', body),
    ...headers,
  },
  body,
});

const orderBody = (fields: Record<string, unknown>): Buffer =>
  Buffer.from(
    JSON.stringify({
      name: '#1',
      currency: 'JPY',
      total_price: '3300',
      current_total_price: '3300',
      financial_status: 'paid',
      fulfillment_status: null,
      created_at: '2026-01-01T09:00:00+09:00',
      updated_at: '2026-01-01T10:00:00+09:00',
      customer: null,
      email: '',
      line_items: [],
      refunds: [],
      fulfillments: [],
      ...fields,
    }),
  );

test('[R1][R2] the same mail fifty times in parallel: all answered 2xx, one message', async () => {
  const request = mailForm({
    subject: 'fifty',
    'body-plain': 'once',
    'message-headers': '[["Message-Id","<fifty@example.com>"]]',
  });
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(request)));
  expect(new Set(answers)).toEqual(new Set([200]));
  await settle();
  const { items } = await desk.admin.get(`/api/messages?externalId=${encodeURIComponent('<fifty@example.com>')}`);
  expect(items).toHaveLength(1);
  const duplicates = await desk.admin.get(`/api/inbound-events?accountId=${desk.channelId}&state=duplicate&limit=200`);
  expect(duplicates.items).toHaveLength(49);
});

test('[R2] the same order fifty times in parallel, with and without an event id: one order', async () => {
  const body = orderBody({ id: 5_500_000_000_050 });
  const same = shopWebhook(body);
  const nameless = () => shopWebhook(body, { 'x-shopify-event-id': '' });
  const answers = await Promise.all([
    ...Array.from({ length: 50 }, () => post(same)),
    ...Array.from({ length: 50 }, () => post(nameless())),
  ]);
  expect(new Set(answers)).toEqual(new Set([200]));
  await settle();
  const { items } = await desk.admin.get('/api/orders?externalId=5500000000050');
  expect(items).toMatchObject([{ version: 1, customerId: null }]);
});

test('[R3] forged and stale requests are refused, nothing is stored, the counters tell', async () => {
  const startedAt = Date.now();
  const before = {
    events: await countEvents(),
    channel: await desk.admin.get(`/api/channels/${desk.channelId}`),
    store: await desk.admin.get(`/api/stores/${desk.storeId}`),
  };
  const mail = mailForm({ subject: 'x' });
  const stale = mailForm({ subject: 'x' }, { timestamp: String(Math.floor(Date.now() / 1000) - 40_000) });
  const body = orderBody({ id: 1 });
  const hex = createHmac('sha256', 'test-client-secret').update(body).digest('hex');
  const broken = Buffer.from(
    mail.body.toString().replace(/signature=(.)/, (_all, first: string) => `signature=${first === '0' ? '1' : '0'}`),
  );
  expect([401, 403, 406]).toContain(await post({ ...mail, body: broken }));
  expect([401, 403, 406]).toContain(await post(mailForm({ subject: 'x' }, { key: 'another key' })));
  expect([401, 403]).toContain(await post(stale));
  const changed = Buffer.from(body.toString().replace('3300', '1'));
  expect(await post({ ...shopWebhook(body), body: changed })).toBe(401);
  expect(await post(shopWebhook(body, { 'x-shopify-hmac-sha256': hex }))).toBe(401);
  expect(await post(shopWebhook(body, { 'x-shopify-hmac-sha256': signShopify('another', body) }))).toBe(401);
  expect(await post(shopWebhook(body, { 'x-shopify-hmac-sha256': '' }))).toBe(401);
  expect([401, 403]).toContain(await post(shopWebhook(body, { 'x-shopify-shop-domain': 'other.myshopify.com' })));
  expect(await countEvents()).toBe(before.events);
  const channel = await desk.admin.get(`/api/channels/${desk.channelId}`);
  const store = await desk.admin.get(`/api/stores/${desk.storeId}`);
  expect(channel.rejected - before.channel.rejected).toBe(3);
  expect(store.rejected - before.store.rejected).toBe(5);
  expect(channel.lastRejectReason).toMatch(/./);
  expect(store.lastRejectedAt).toBeGreaterThanOrEqual(startedAt);
});

test('[R3] a used token: the same content again is a duplicate, other content is refused', async () => {
  const signature = { token: 'a'.repeat(50) };
  expect(await post(mailForm({ subject: 'first' }, signature))).toBe(200);
  expect(await post(mailForm({ subject: 'first' }, signature))).toBe(200);
  const before = await countEvents();
  expect(await post(mailForm({ subject: 'second' }, signature))).toBe(403);
  const racing = await Promise.all(
    ['a', 'b', 'c', 'd'].map((subject) => post(mailForm({ subject }, { token: 'b'.repeat(50) }))),
  );
  expect(racing.sort()).toEqual([200, 403, 403, 403]);
  expect(await countEvents()).toBe(before + 1);
});

test('what is no webhook gets a 4xx: wrong form, empty, too large, unknown account', async () => {
  const url = `${desk.url}/webhooks/mailgun/${desk.channelId}`;
  const shop = `${desk.url}/webhooks/shopify/${desk.storeId}`;
  const json = { 'content-type': 'application/json' };
  const cases: [string, Record<string, string>, Buffer][] = [
    [url, json, Buffer.from('{"subject":"JSON where a form is due"}')],
    [url, json, Buffer.from('[1,2')],
    [url, { 'content-type': 'application/x-www-form-urlencoded' }, Buffer.alloc(0)],
    [url, { 'content-type': 'multipart/form-data' }, Buffer.from('no boundary')],
    [url, { 'content-type': 'text/plain' }, Buffer.from('hello')],
    [url, {}, Buffer.alloc(41 * 1024 * 1024, 'x')],
    [shop, json, Buffer.alloc(0)],
    [shop, json, Buffer.from('not json')],
    [shop, json, Buffer.alloc(30 * 1024 * 1024, 'x')],
    [`${desk.url}/webhooks/mailgun/no-such-account`, json, Buffer.from('{}')],
    [`${desk.url}/webhooks/shopify/${desk.channelId}`, json, Buffer.from('{}')],
    [`${desk.url}/webhooks/%00/%ff`, json, Buffer.from('{}')],
    [`${desk.url}/webhooks/`, json, Buffer.from('{}')],
  ];
  for (const [at, headers, body] of cases) {
    const status = await post({ url: at, headers, body });
    expect([at, body.length, status]).toEqual([
      at,
      body.length,
      expect.toSatisfy((code: number) => code >= 400 && code < 500),
    ]);
  }
  expect(await post({ url, headers: {}, body: Buffer.alloc(41 * 1024 * 1024) })).toBe(413);
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD']) {
    const { status } = await fetch(url, { method });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  }
});

test('a mail of 30 MB with an attachment is taken in, and the file comes back', async () => {
  const content = randomBytes(30 * 1024 * 1024);
  const { mail, finished } = desk.lab.mailgun.postInbound({
    from: 'big@example.com',
    text: 'see attached',
    attachments: [{ name: '大文件.bin', contentType: 'application/octet-stream', content }],
  });
  expect((await finished).state).toBe('done');
  await settle();
  const { items } = await desk.admin.get(`/api/messages?externalId=${encodeURIComponent(mail.messageId)}`);
  const [attachment] = items[0].attachments;
  expect(attachment).toMatchObject({ name: '大文件.bin', sizeBytes: content.length });
  const file = await fetch(`${desk.url}/api/attachments/${attachment.id}`, {
    headers: { authorization: `Bearer ${desk.admin.token}` },
  });
  expect(Buffer.from(await file.arrayBuffer()).equals(content)).toBe(true);
});

test('U+0000, emoji, right-to-left text, GBK and hostile HTML are shown, and nothing of it runs', async () => {
  const nul = mailForm({
    subject: 'a\u0000b',
    'body-plain': 'x\u0000y 😀 שלום مرحبا',
    'message-headers': JSON.stringify([['Message-Id', '<nul\u0000@example.com>']]),
  });
  expect(await post(nul)).toBe(200);
  const html = mailForm({
    subject: 'html',
    'body-html':
      '<p onclick="steal()">你好</p><script>steal()</script><img src="http://spy.example/p.gif" onerror=steal()><a href="javascript:steal()">x</a><iframe src="http://evil.example"></iframe>',
    'message-headers': '[["Message-Id","<html@example.com>"]]',
  });
  expect(await post(html)).toBe(200);
  const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3]);
  const raw = Buffer.concat([
    Buffer.from(
      'From: =?gbk?B?wO7A1w==?= <gbk@example.com>\r\nSubject: =?gbk?B?xOO6ww==?=\r\nMessage-Id: <gbk@example.com>\r\nContent-Type: text/plain; charset=gbk\r\n\r\n',
    ),
    gbk,
  ]);
  const posting = desk.lab.mailgun.buildInbound({ from: 'gbk@example.com', rawMime: raw }, { form: 'mime' });
  expect(await post(posting)).toBe(200);
  await settle();
  const find = async (id: string) =>
    (await desk.admin.get(`/api/messages?externalId=${encodeURIComponent(id)}`)).items[0];
  expect(await find('<nul@example.com>')).toMatchObject({ subject: 'ab', text: 'xy 😀 שלום مرحبا' });
  const shown = await find('<html@example.com>');
  expect(shown.html).toContain('你好');
  expect(shown.html).not.toMatch(/script|onclick|onerror|javascript:|iframe| src=/i);
  expect(shown.text).toContain('你好');
  expect(await find('<gbk@example.com>')).toMatchObject({
    subject: '你好',
    text: expect.stringContaining('你好'),
    from: { name: '李雷', address: 'gbk@example.com' },
  });
});

test('[R4] a genuine order that cannot be read becomes a dead letter, and can be replayed', async () => {
  expect(await post(shopWebhook(orderBody({ id: 77, total_price: 'a lot' })))).toBe(200);
  await settle();
  const { items } = await desk.admin.get('/api/dead-letters');
  expect(items[0].reason).toMatch(/total_price/);
  const replay = await desk.admin.call('POST', `/api/dead-letters/${items[0].id}/replay`);
  expect(replay.status).toBeLessThan(300);
  await settle();
  expect((await desk.admin.get('/api/dead-letters')).items[0].reason).toMatch(/total_price/);
});

test('[R12][R13] orders out of order, a refund told twice, JPY and KWD', async () => {
  const id = 5_500_000_000_099;
  const refund = {
    id: 9,
    order_id: id,
    created_at: '2026-01-01T11:00:00Z',
    note: '',
    refund_line_items: [],
    transactions: [{ id: 1, kind: 'refund', status: 'success', amount: '1.500', currency: 'KWD' }],
  };
  const facts = { id, currency: 'KWD', total_price: '12.345', current_total_price: '10.845' };
  const send = (topic: string, body: Buffer) => post(shopWebhook(body, { 'x-shopify-topic': topic }));
  expect(await send('refunds/create', Buffer.from(JSON.stringify(refund)))).toBe(200);
  expect(
    await send(
      'orders/updated',
      orderBody({ ...facts, updated_at: '2026-01-01T12:00:00Z', note: 'newest', refunds: [refund] }),
    ),
  ).toBe(200);
  expect(await send('orders/create', orderBody({ ...facts, updated_at: '2026-01-01T09:00:00Z', note: 'oldest' }))).toBe(
    200,
  );
  expect(await send('refunds/create', Buffer.from(JSON.stringify(refund)))).toBe(200);
  await settle();
  const { items } = await desk.admin.get(`/api/orders?externalId=${id}`);
  expect(items).toMatchObject([
    { note: 'newest', totalMinor: 12_345, currentTotalMinor: 10_845, refundedMinor: 1_500, currency: 'KWD' },
  ]);
  expect(items[0].refunds).toHaveLength(1);
  expect(await send('orders/delete', Buffer.from(JSON.stringify({ id })))).toBe(200);
  await settle();
  expect((await desk.admin.get(`/api/orders?externalId=${id}`)).items).toEqual([]);
  expect((await desk.admin.get(`/api/orders?externalId=${id}&includeDeleted=true`)).items).toMatchObject([
    { deleted: true },
  ]);
});

test('[R2][R13] a refund told by itself, twice, lowers the total once until the shop says it itself', async () => {
  const id = 5_500_000_000_101;
  const facts = { id, currency: 'JPY', total_price: '3300', current_total_price: '3300' };
  const refund = {
    id: 10,
    order_id: id,
    created_at: '2026-01-01T11:00:00Z',
    transactions: [{ id: 2, kind: 'refund', status: 'success', amount: '1100', currency: 'JPY' }],
  };
  const send = (topic: string, body: Buffer) => post(shopWebhook(body, { 'x-shopify-topic': topic }));
  const totals = { totalMinor: 3_300, currentTotalMinor: 2_200, refundedMinor: 1_100 };
  expect(await send('orders/create', orderBody({ ...facts, updated_at: '2026-01-01T10:00:00Z' }))).toBe(200);
  for (const _ of [1, 2]) {
    expect(await send('refunds/create', Buffer.from(JSON.stringify(refund)))).toBe(200);
    await settle();
    expect((await desk.admin.get(`/api/orders?externalId=${id}`)).items).toMatchObject([totals]);
  }
  const updated = { ...facts, current_total_price: '2200', updated_at: '2026-01-01T11:00:01Z', refunds: [refund] };
  expect(await send('orders/updated', orderBody(updated))).toBe(200);
  await settle();
  expect((await desk.admin.get(`/api/orders?externalId=${id}`)).items).toMatchObject([totals]);
});

test("an agent may not do what is the admin's, and nobody may do anything without a token", async () => {
  const routes = [
    ['GET', '/api/channels'],
    ['POST', '/api/channels'],
    ['GET', '/api/stores'],
    ['POST', '/api/stores'],
    ['POST', '/api/agents'],
    ['POST', '/api/teams'],
    ['GET', '/api/inbound-events'],
    ['GET', '/api/dead-letters'],
    ['POST', '/api/dead-letters/1/replay'],
    ['GET', '/api/audit'],
    ['PATCH', `/api/channels/${desk.channelId}`],
    ['PATCH', `/api/stores/${desk.storeId}`],
    ['PATCH', `/api/agents/${desk.sam.agentId}`],
  ] as const;
  for (const [method, path] of routes)
    expect([path, (await desk.mei.call(method, path, method === 'GET' ? undefined : {})).status]).toEqual([path, 403]);
  for (const path of [
    '/api/conversations',
    '/api/messages',
    '/api/orders',
    '/api/customers',
    '/api/sync/changes',
    '/api/me',
    '/api/counts',
    '/api/sessions',
  ]) {
    const response = await fetch(`${desk.url}${path}`);
    expect([path, response.status, response.headers.get('content-type')]).toEqual([
      path,
      401,
      expect.stringContaining('application/problem+json'),
    ]);
  }
});
