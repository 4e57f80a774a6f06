import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Receiver, startReceiver } from '../../test/receiver.ts';
import { type FaultLab, startFaultLab } from '../lab.ts';

let lab: FaultLab;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  lab = await startFaultLab();
  lab.mailgun.connect({
    id: 'acc',
    domain: 'mail.shop.example',
    apiKey: 'key-1',
    signingKey: 'sign-1',
    webhookUrl: `${receiver.url}/webhooks/mailgun/acc`,
  });
  lab.mailgun.settings.deliverAfterMs = 10;
  lab.mailgun.settings.autoDeliver = false;
});
afterEach(async () => {
  await lab.close();
  await receiver.close();
});

const good = {
  from: 'Shop <support@mail.shop.example>',
  to: 'mia@example.com',
  subject: 'Hello',
  text: 'Hi',
  'h:Message-Id': '<m1@mail.shop.example>',
};

function send(
  fields: Record<string, string>,
  options: { key?: string; domain?: string; files?: [string, string, string][]; signal?: AbortSignal } = {},
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [field, name, content] of options.files ?? [])
    form.append(field, new Blob([content], { type: 'text/csv' }), name);
  return fetch(`${lab.url}/mailgun/v3/${options.domain ?? 'mail.shop.example'}/messages`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`api:${options.key ?? 'key-1'}`)}` },
    body: form,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

function without(name: keyof typeof good): Record<string, string> {
  return Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
}

test('a complete request is queued under our own Message-Id and kept in the outbox', async () => {
  const response = await send(
    { ...good, 'h:In-Reply-To': '<c@x>', 'v:message_ref': '42' },
    { files: [['attachment', '发票.csv', 'a,b']] },
  );
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ id: '<m1@mail.shop.example>', message: 'Queued. Thank you.' });
  expect(lab.mailgun.sent).toMatchObject([
    {
      messageId: '<m1@mail.shop.example>',
      from: { name: 'Shop', address: 'support@mail.shop.example' },
      to: [{ address: 'mia@example.com' }],
      headers: { 'in-reply-to': '<c@x>' },
      variables: { message_ref: '42' },
      attachments: [
        // sha256 of "a,b", by sha256sum
        {
          name: '发票.csv',
          contentType: 'text/csv',
          sizeBytes: 3,
          sha256: '1eb7c54d52831bbfe8942af0b1c56b7409523a59ed6ca99c1174fef7eb32c1b5',
        },
      ],
      count: 1,
    },
  ]);
});

test('a second request with the same Message-Id is a second mail, and is counted', async () => {
  await send(good);
  await send(good);
  expect(lab.mailgun.outbox.countOf('<m1@mail.shop.example>')).toBe(2);
  expect(lab.mailgun.sent.map((mail) => mail.count)).toEqual([1, 2]);
});

test('urlencoded requests are taken too, and get an id when they bring none', async () => {
  const response = await fetch(`${lab.url}/mailgun/v3/mail.shop.example/messages`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('api:key-1')}` },
    body: new URLSearchParams(without('h:Message-Id')),
  });
  expect(((await response.json()) as { id: string }).id).toMatch(/^<.+@mail\.shop\.example>$/);
});

test('messages.mime takes a ready message and its Message-Id', async () => {
  const form = new FormData();
  form.append('to', 'mia@example.com');
  form.append(
    'message',
    new Blob(['From: support@mail.shop.example\r\nSubject: Hello\r\nMessage-ID:\r\n <m2@x>\r\n\r\nHi']),
    'message.eml',
  );
  const response = await fetch(`${lab.url}/mailgun/v3/mail.shop.example/messages.mime`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('api:key-1')}` },
    body: form,
  });
  expect(await response.json()).toMatchObject({ id: '<m2@x>' });
});

test.each([
  ['no key', {}, { key: '' }, 401],
  ['a wrong key', {}, { key: 'key-2' }, 401],
  ['an unknown domain', {}, { domain: 'other.example' }, 404],
])('%s is refused', async (_name, fields, options, status) => {
  expect((await send({ ...good, ...fields }, options)).status).toBe(status);
  expect(lab.mailgun.sent).toHaveLength(0);
});

test('no authorization header at all is refused', async () => {
  const response = await fetch(`${lab.url}/mailgun/v3/mail.shop.example/messages`, {
    method: 'POST',
    body: new URLSearchParams(good),
  });
  expect(response.status).toBe(401);
});

test.each([
  ['from', without('from'), 'from parameter is missing'],
  ['to', without('to'), 'to parameter is missing'],
  ['text and html', without('text'), "Need at least one of 'text' or 'html' parameters specified"],
  [
    'a readable recipient',
    { ...good, to: 'nobody' },
    'to parameter is not a valid address. please check documentation',
  ],
  [
    'options within 16 kB',
    { ...good, 'h:References': `<${'r'.repeat(17_000)}@x>` },
    'o:, h:, v:, and t: parameters are limited to 16kB total',
  ],
])('without %s the answer is 400 in Mailgun’s words', async (_name, fields, message) => {
  const response = await send(fields);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ message });
});

test('a JSON body is refused', async () => {
  const response = await fetch(`${lab.url}/mailgun/v3/mail.shop.example/messages`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('api:key-1')}`, 'content-type': 'application/json' },
    body: JSON.stringify(good),
  });
  expect(response.status).toBe(400);
});

test('more than 25 MB is refused with 413', async () => {
  const response = await send(good, { files: [['attachment', 'big.bin', 'x'.repeat(26 * 1024 * 1024)]] });
  expect(response.status).toBe(413);
  expect(lab.mailgun.sent).toHaveLength(0);
});

test('answer-429 carries Retry-After and accepts nothing; it strikes as often as asked', async () => {
  lab.mailgun.faults.add({ kind: 'answer-429', count: 2, retryAfterSeconds: 7 });
  const first = await send(good);
  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
  expect((await send(good)).status).toBe(429);
  expect((await send(good)).status).toBe(200);
  expect(lab.mailgun.sent).toHaveLength(1);
});

test('a sticky fault strikes until it is removed', async () => {
  const fault = lab.mailgun.faults.add({ kind: 'answer-503', count: null });
  for (let round = 0; round < 3; round++) expect((await send(good)).status).toBe(503);
  lab.mailgun.faults.remove(fault.id);
  expect((await send(good)).status).toBe(200);
});

test('a fault for one recipient leaves the others alone', async () => {
  lab.mailgun.faults.add({ kind: 'answer-500', recipient: 'LI@example.com' });
  expect((await send(good)).status).toBe(200);
  expect((await send({ ...good, to: 'li@example.com' })).status).toBe(500);
});

test('timeout-after-accept keeps the mail and never answers', async () => {
  lab.mailgun.faults.add({ kind: 'timeout-after-accept' });
  await expect(send(good, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
  expect(lab.mailgun.sent).toHaveLength(1);
});

test('timeout-after-accept with a time answers late', async () => {
  lab.mailgun.faults.add({ kind: 'timeout-after-accept', delayMs: 60 });
  const startedAt = performance.now();
  expect((await send(good)).status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(55);
});

test('reset-after-accept keeps the mail and cuts the connection', async () => {
  lab.mailgun.faults.add({ kind: 'reset-after-accept' });
  await expect(send(good)).rejects.toThrow();
  expect(lab.mailgun.sent).toHaveLength(1);
});

test('reset-before-accept cuts the connection and keeps nothing', async () => {
  lab.mailgun.faults.add({ kind: 'reset-before-accept' });
  await expect(send(good)).rejects.toThrow();
  expect(lab.mailgun.sent).toHaveLength(0);
});

async function waitForRequests(count: number): Promise<{ event: string; recipient: string; severity?: string }[]> {
  await expect.poll(() => receiver.requests.length).toBe(count);
  return receiver.requests.map((request) => JSON.parse(request.body.toString('utf8'))['event-data']);
}

test('accepted and delivered are reported by themselves', async () => {
  lab.mailgun.settings.autoDeliver = true;
  await send(good);
  const events = await waitForRequests(2);
  expect(events.map(({ event }) => event)).toEqual(['accepted', 'delivered']);
});

test('a bounce fault turns the report into a permanent failure', async () => {
  lab.mailgun.settings.autoDeliver = true;
  lab.mailgun.faults.add({ kind: 'bounce', recipient: 'mia@example.com', count: null });
  await send(good);
  const events = await waitForRequests(2);
  expect(events[1]).toMatchObject({ event: 'failed', severity: 'permanent', recipient: 'mia@example.com' });
});
