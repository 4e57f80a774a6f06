import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startChatServer } from '../test/chat-server.ts';
import { type Receiver, startReceiver } from '../test/receiver.ts';
import { type FaultLab, startFaultLab } from './lab.ts';

let lab: FaultLab;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  lab = await startFaultLab();
});
afterEach(async () => {
  await lab.close();
  await receiver.close();
});

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${lab.url}/lab/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return {
    status: response.status,
    answer: response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>),
  };
}

const connectMailgun = () =>
  call('POST', 'mailgun/accounts', {
    id: 'acc',
    domain: 'mail.shop.example',
    apiKey: 'k',
    signingKey: 's',
    webhookUrl: `${receiver.url}/hook`,
  });

test('the page is one answer that loads and runs nothing but itself', async () => {
  const response = await fetch(lab.url);
  const html = await response.text();
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  for (const tag of ['style', 'script']) {
    const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? '';
    expect(content.length).toBeGreaterThan(500);
    expect(policy).toContain(`${tag}-src 'sha256-${createHash('sha256').update(content).digest('base64')}'`);
  }
  // A link to the shop is followed by a person; it loads nothing.
  expect(html.replace('<a href="/shop"', '')).not.toMatch(/(src|href)="(?!data:)/);
  expect(html.replaceAll('https://track.example', '')).not.toMatch(/https?:\/\//);
});

test('the page has every word in both languages', async () => {
  const html = await (await fetch(lab.url)).text();
  const words = JSON.parse(/const words = (\{[\s\S]*?\n\});/.exec(html)?.[1] ?? '{}') as Record<
    string,
    Record<string, string>
  >;
  const english = Object.keys(words.en ?? {});
  expect(english.length).toBeGreaterThan(30);
  expect(Object.keys(words['zh-CN'] ?? {})).toEqual(english);
  const used = [...html.matchAll(/data-t="(\w+)"|\bt\('(\w+)'/g)].map(([, inHtml, inScript]) => inHtml ?? inScript);
  for (const key of used) expect(english).toContain(key);
});

test('a customer’s mail, our answer, its events and the customer’s answer go by HTTP', async () => {
  await connectMailgun();
  const written = await call('POST', 'mailgun/inbound', {
    from: 'Mia <mia@example.com>',
    subject: 'Hello',
    text: 'Hi',
  });
  expect(written.answer).toMatchObject({ deliveries: [{ state: 'done', topic: 'inbound' }] });
  lab.mailgun.settings.autoDeliver = false;
  await fetch(`${lab.url}/mailgun/v3/mail.shop.example/messages`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('api:k')}` },
    body: new URLSearchParams({
      from: 'support@mail.shop.example',
      to: 'mia@example.com',
      text: 'Yes',
      'h:Message-Id': '<m1@x>',
    }),
  });
  const sent = encodeURIComponent('<m1@x>');
  expect((await call('POST', `mailgun/outbox/${sent}/events`, { event: 'opened' })).answer).toMatchObject({
    deliveries: [{ topic: 'opened', state: 'done' }],
  });
  await call('POST', `mailgun/outbox/${sent}/reply`, { text: 'Thanks' });
  const reply = new URLSearchParams(receiver.requests.at(-1)?.body.toString('utf8'));
  expect([reply.get('from'), reply.get('In-Reply-To')]).toEqual(['mia@example.com', '<m1@x>']);
});

test('an order’s life goes by HTTP', async () => {
  await call('POST', 'shopify/stores', {
    shop: 'tea.myshopify.com',
    clientSecret: 's',
    accessToken: 't',
    webhookUrl: `${receiver.url}/hook`,
  });
  const placed = await call('POST', 'shopify/orders', {
    currency: 'KWD',
    lines: [{ title: 'Tea', quantity: 2, price: '1.250' }],
    paid: false,
  });
  const { id } = placed.answer.order as { id: number };
  for (const [action, body] of [
    ['pay', {}],
    ['ship', { trackingNumber: 'SF1' }],
    ['track', { status: 'delivered' }],
    ['refund', { amount: '0.500' }],
  ] as const) {
    expect(await call('POST', `shopify/orders/${id}/${action}`, body)).toMatchObject({ status: 200 });
  }
  expect(lab.shopify.order(id)).toMatchObject({ financial_status: 'partially_refunded', current_total_price: '2.000' });
  expect((await call('POST', `shopify/orders/${id}/cancel`, {})).answer).toEqual({
    error: 'order #1001 has been shipped: refund it instead',
  });
  expect((await call('DELETE', `shopify/orders/${id}`)).status).toBe(200);
});

test('faults are listed, used up and removed by HTTP', async () => {
  const { answer } = await call('POST', 'mailgun/faults', { kind: 'drop', count: null });
  expect((await call('GET', 'mailgun/faults')).answer).toMatchObject({ items: [{ kind: 'drop', remaining: null }] });
  expect((await call('DELETE', `mailgun/faults/${String(answer.id)}`)).status).toBe(204);
  expect(lab.mailgun.faults.list()).toEqual([]);
});

test('a wrong body is refused field by field, an impossible wish in a sentence', async () => {
  expect(await call('POST', 'mailgun/faults', { kind: 'nonsense' })).toMatchObject({
    status: 400,
    answer: { errors: [{ path: 'kind' }] },
  });
  expect(await call('POST', 'mailgun/inbound', { from: 'a@b.example' })).toMatchObject({
    status: 422,
    answer: { error: 'no Mailgun account is connected to the lab yet' },
  });
  const broken = await fetch(`${lab.url}/lab/mailgun/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(broken.status).toBe(400);
});

test('secrets of the connected accounts are not told', async () => {
  await connectMailgun();
  expect(JSON.stringify((await call('GET', 'mailgun/accounts')).answer)).not.toMatch(/signingKey|apiKey/);
});

test('another site’s page cannot drive the lab', async () => {
  const simple = await fetch(`${lab.url}/lab/mailgun/faults`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"kind":"drop"}',
  });
  expect(simple.status).toBe(415);
  const status = await new Promise((resolve) => {
    httpRequest(`${lab.url}/lab/mailgun/outbox`, { headers: { host: 'evil.example' } }, (response) =>
      resolve(response.statusCode),
    ).end();
  });
  expect(status).toBe(403);
});

test('closing abandons what is still waiting', async () => {
  await connectMailgun();
  lab.mailgun.faults.add({ kind: 'delay', delayMs: 60_000 });
  const { finished } = lab.mailgun.postInbound({ from: 'mia@example.com', text: 'Hi' });
  await lab.close();
  expect((await finished).state).toBe('dropped');
  lab = await startFaultLab();
});

test('a visitor of the website chat does over HTTP what he does in a browser', async () => {
  const server = await startChatServer();
  expect((await call('POST', 'web-chat/visitors', {})).status).toBe(422);
  await call('POST', 'web-chat/accounts', { id: 'chat', serverUrl: server.url, identitySecret: 'secret' });
  const accounts = await call('GET', 'web-chat/accounts');
  expect(accounts.answer.items).toEqual([{ id: 'chat', serverUrl: server.url, origin: lab.url, signsIn: true }]);

  const { answer: visitor } = await call('POST', 'web-chat/visitors', { profile: { name: 'Noa' }, tabs: 2 });
  const path = `web-chat/visitors/${visitor.id}`;
  const said = await call('POST', `${path}/messages`, { text: 'Hello', id: 'message-1', times: 2 });
  expect(said.answer).toMatchObject({ accepted: { id: 'message-1' } });
  expect(server.messages).toHaveLength(2);

  await call('POST', `${path}/offline`, {});
  await call('POST', 'web-chat/faults', { kind: 'drop', topic: 'typing' });
  await call('POST', `${path}/online`, {});
  expect((await call('POST', `${path}/typing`, { typing: true })).status).toBe(200);
  expect((await call('POST', `${path}/rating`, { score: 5 })).status).toBe(200);
  expect((await call('POST', `${path}/rating`, { score: 'good' })).status).toBe(400);
  expect(server.events.map(({ event }) => event)).toEqual(['profile', 'rate']);

  server.answer('answer-1', 'Good morning');
  await expect
    .poll(async () => (await call('GET', path)).answer.messages)
    .toMatchObject([{ author: 'visitor' }, { author: 'agent', text: 'Good morning' }]);
  expect((await call('PATCH', 'web-chat/settings', { deliveredAfterMs: null })).answer).toMatchObject({
    deliveredAfterMs: null,
  });
  expect((await call('DELETE', path)).status).toBe(204);
  expect((await call('GET', path)).status).toBe(422);
  await server.close();
});
