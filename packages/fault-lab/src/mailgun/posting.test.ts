import { afterEach, beforeEach, expect, test } from 'vitest';
import { computeHmac, type Receiver, startReceiver, toHex } from '../../test/receiver.ts';
import { parseForm } from '../http/parse-form.ts';
import { type FaultLab, startFaultLab } from '../lab.ts';

const NOW = 1_767_225_600_000;
let lab: FaultLab;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  lab = await startFaultLab({ clock: () => NOW });
  lab.mailgun.connect({
    id: 'acc',
    domain: 'mail.shop.example',
    apiKey: 'key-1',
    signingKey: 'sign-1',
    webhookUrl: `${receiver.url}/hook`,
  });
});
afterEach(async () => {
  await lab.close();
  await receiver.close();
});

const png = {
  name: '截图.png',
  contentType: 'image/png',
  content: Buffer.from([0x89, 0x50, 0, 0xff]),
  contentId: 'img1',
};
const draft = {
  from: { name: '李雷', address: 'li@example.com' },
  subject: '订单 #1001 😟',
  text: '还没收到货 😟\n> 引用',
  messageId: '<c1@example.com>',
};

async function readOnly(): Promise<{
  fields: Record<string, string>;
  files: { field: string; name: string; content: Buffer }[];
}> {
  const [request] = receiver.requests;
  const form = await parseForm(request?.headers['content-type'] ?? '', request?.body ?? Buffer.alloc(0));
  return { fields: Object.fromEntries(form?.fields ?? []), files: form?.files ?? [] };
}

test('an inbound mail is a signed urlencoded form with the headers in order', async () => {
  await lab.mailgun.postInbound({
    ...draft,
    inReplyTo: '<r1@mail.shop.example>',
    references: ['<c0@example.com>', '<r1@mail.shop.example>'],
  }).finished;
  expect(receiver.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  const { fields } = await readOnly();
  expect(fields).toMatchObject({
    recipient: 'support@mail.shop.example',
    sender: 'li@example.com',
    from: '李雷 <li@example.com>',
    subject: draft.subject,
    'body-plain': draft.text,
    'stripped-text': '还没收到货 😟',
    timestamp: '1767225600',
  });
  const headers = JSON.parse(fields['message-headers'] ?? '') as [string, string][];
  expect(headers).toContainEqual(['Message-Id', '<c1@example.com>']);
  expect(headers).toContainEqual(['References', '<c0@example.com> <r1@mail.shop.example>']);
  const expected = await computeHmac('sign-1', new TextEncoder().encode(`${fields.timestamp}${fields.token}`));
  expect(fields.signature).toBe(toHex(expected));
  expect(fields.token).toMatch(/^[0-9a-f]{50}$/);
});

test('attachments make it multipart, bytes unchanged, with a content-id-map', async () => {
  await lab.mailgun.postInbound({ ...draft, html: '<img src="cid:img1">', attachments: [png] }).finished;
  const { fields, files } = await readOnly();
  expect(fields['content-id-map']).toBe('{"<img1>":"attachment-1"}');
  expect(files).toMatchObject([{ field: 'attachment-1', name: '截图.png', content: png.content }]);
});

test('the mime form goes to …/mime with the raw message, whatever its bytes', async () => {
  const rawMime = Buffer.concat([
    Buffer.from('Subject: x\r\nContent-Type: text/plain; charset=gbk\r\n\r\n'),
    Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
  ]);
  await lab.mailgun.postInbound({ ...draft, rawMime }, { form: 'mime' }).finished;
  expect(receiver.requests[0]?.path).toBe('/hook/mime');
  expect(receiver.requests[0]?.body.toString('latin1')).toContain('charset%3Dgbk%0D%0A%0D%0A%C4%E3%BA%C3');
});

test('a stored mail names addresses that open with the API key only', async () => {
  await lab.mailgun.postInbound({ ...draft, attachments: [png] }, { form: 'store' }).finished;
  const { fields, files } = await readOnly();
  expect(files).toEqual([]);
  const [stored] = JSON.parse(fields.attachments ?? '') as { url: string; name: string; size: number }[];
  expect(stored).toMatchObject({ name: '截图.png', size: 4, 'content-type': 'image/png' });
  expect(JSON.parse(fields['content-id-map'] ?? '')).toEqual({ '<img1>': stored?.url });
  expect((await fetch(stored?.url ?? '')).status).toBe(401);
  const opened = await fetch(stored?.url ?? '', { headers: { authorization: `Basic ${btoa('api:key-1')}` } });
  expect(Buffer.from(await opened.arrayBuffer())).toEqual(png.content);
  const raw = await fetch(fields['message-url'] ?? '', {
    headers: { authorization: `Basic ${btoa('api:key-1')}`, accept: 'message/rfc2822' },
  });
  expect(await raw.text()).toContain('Message-Id: <c1@example.com>');
});

test('an event is signed JSON and names the message without brackets', async () => {
  const request = lab.mailgun.buildEvent({
    event: 'failed',
    messageId: '<m1@x>',
    recipient: 'mia@example.com',
    severity: 'temporary',
  });
  const body = JSON.parse(request.body.toString('utf8'));
  const expected = await computeHmac(
    'sign-1',
    new TextEncoder().encode(`${body.signature.timestamp}${body.signature.token}`),
  );
  expect(body.signature.signature).toBe(toHex(expected));
  expect(body['event-data']).toMatchObject({
    event: 'failed',
    severity: 'temporary',
    message: { headers: { 'message-id': 'm1@x' } },
  });
});

test('a built request is not sent, and a stale time or a used token can be asked for', () => {
  const request = lab.mailgun.buildInbound(draft, { timestamp: '1700000000', token: 'a'.repeat(50) });
  expect(request.body.toString('utf8')).toContain(`timestamp=1700000000&token=${'a'.repeat(50)}`);
  expect(receiver.requests).toHaveLength(0);
});

test('an answer is threaded to the mail it answers', () => {
  const account = lab.mailgun.account('acc');
  const mail = lab.mailgun.outbox.add({
    messageId: '<m1@x>',
    accountId: account.id,
    domain: account.domain,
    receivedAt: NOW,
    from: { name: '', address: account.address },
    to: [{ name: 'Li', address: 'li@example.com' }],
    cc: [],
    bcc: [],
    subject: 'Re: Hello',
    text: 'Hi',
    html: null,
    headers: { references: '<c0@example.com>' },
    variables: {},
    options: {},
    attachments: [],
  });
  expect(lab.mailgun.buildReply(mail, { text: 'Thanks' })).toMatchObject({
    from: { address: 'li@example.com' },
    subject: 'Re: Hello',
    inReplyTo: '<m1@x>',
    references: ['<c0@example.com>', '<m1@x>'],
  });
});

test('duplicate posts the same bytes twice', async () => {
  lab.mailgun.faults.add({ kind: 'duplicate' });
  await lab.mailgun.postInbound(draft).finished;
  expect(receiver.requests).toHaveLength(2);
  expect(receiver.requests[0]?.body).toEqual(receiver.requests[1]?.body);
});

test('drop posts nothing and says so', async () => {
  lab.mailgun.faults.add({ kind: 'drop' });
  expect((await lab.mailgun.postInbound(draft).finished).state).toBe('dropped');
  expect(receiver.requests).toHaveLength(0);
});

test('delay posts later', async () => {
  lab.mailgun.faults.add({ kind: 'delay', delayMs: 80 });
  const { finished } = lab.mailgun.postInbound(draft);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(receiver.requests).toHaveLength(0);
  expect((await finished).state).toBe('done');
});

test('reorder lets a later webhook go first', async () => {
  lab.mailgun.faults.add({ kind: 'reorder' });
  const first = lab.mailgun.postInbound({ ...draft, subject: 'first' });
  const second = lab.mailgun.postInbound({ ...draft, subject: 'second' });
  await Promise.all([first.finished, second.finished]);
  const subjects = receiver.requests.map((request) =>
    new URLSearchParams(request.body.toString('utf8')).get('subject'),
  );
  expect(subjects).toEqual(['second', 'first']);
});

test('a fault for one topic leaves the others alone', async () => {
  lab.mailgun.faults.add({ kind: 'drop', topic: 'delivered', count: null });
  expect((await lab.mailgun.postInbound(draft).finished).state).toBe('done');
});

test('inbound mail is retried with the same bytes until it is taken', async () => {
  lab.mailgun.settings.retryScale = 0.00001;
  receiver.statuses.push(500, 503);
  const delivery = await lab.mailgun.postInbound(draft).finished;
  expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 503, 200]);
  expect(receiver.requests[2]?.body).toEqual(receiver.requests[0]?.body);
});

test('406 ends the retries', async () => {
  lab.mailgun.settings.retryScale = 0.00001;
  receiver.statuses.push(406);
  const delivery = await lab.mailgun.postInbound(draft).finished;
  expect(delivery).toMatchObject({ state: 'failed', attempts: [{ status: 406 }] });
});

test('without a retry scale there is one attempt', async () => {
  receiver.statuses.push(500);
  expect((await lab.mailgun.postInbound(draft).finished).attempts).toHaveLength(1);
});
