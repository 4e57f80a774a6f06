import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connectChat, findConversation, IDENTITY_SECRET, startChatDesk } from './chat-desk.ts';
import { newId, newToken, openWidget, signIdentity, type TestWidget } from './chat-widget.ts';
import type { TestDesk } from './desk.ts';

let desk: TestDesk;
let accountId: string;
const open: { close(): void }[] = [];

beforeAll(async () => {
  ({ desk, accountId } = await startChatDesk());
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => desk.close());

async function visit(options: Parameters<typeof openWidget>[2] = {}, account = accountId): Promise<TestWidget> {
  const widget = await openWidget(desk.url, account, options);
  open.push(widget);
  return widget;
}

const now = () => Math.floor(Date.now() / 1_000);
const identify = (claims: Record<string, unknown>) => signIdentity(IDENTITY_SECRET, { exp: now() + 600, ...claims });
const textsOf = async (visitor: TestWidget) => (await visitor.history()).messages.map((message) => message.text);

async function say(visitor: TestWidget, text: string) {
  await visitor.send(text);
  await vi.waitFor(() => expect(visitor.messages().at(-1)?.text).toBe(text));
  return findConversation(desk, text);
}

test('[R15] no token but the right one shows a conversation', async () => {
  const owner = await visit();
  await say(owner, 'my secret');
  const other = await connectChat(desk);
  const token = owner.token;
  const guesses = [
    token.slice(0, -1),
    `${token}A`,
    token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(),
    `${token.slice(0, 42)}${token[42] === 'A' ? 'B' : 'A'}`,
    ` ${token}`,
    'A'.repeat(43),
    '',
    '%',
    "' or 1=1 --",
    '\u0000',
    newToken(),
  ];
  for (const guess of guesses) {
    const visitor = await visit({ token: guess });
    expect(await visitor.history()).toMatchObject({
      messages: [],
      hasOlder: false,
      conversation: { id: null, state: 'none' },
    });
    // What cannot be a token is replaced; one that could be is kept, and tells nobody whether it was ever known.
    expect(visitor.welcome.visitorToken !== null).toBe(!/^[\w-]{43}$/.test(guess));
    expect(visitor.welcome.profile).toEqual({ name: '', email: '' });
  }
  expect(await textsOf(await visit({ token }, other))).toEqual([]);
  expect(await textsOf(await visit({ token }))).toEqual(['my secret']);
});

test('[R15] ids of others open nothing: messages, conversations, receipts', async () => {
  const [owner, thief] = [await visit(), await visit()];
  const conversation = await say(owner, 'the owner’s words');
  await say(thief, 'the thief’s words');
  const { messageId = '' } = await desk.mei.command({
    ...{ type: 'reply', conversationId: conversation.id, text: 'for the owner', seenMessageId: null },
  });
  await vi.waitFor(() => expect(owner.messages()).toHaveLength(2));
  for (const before of [messageId, owner.messages()[0]?.id, conversation.id, 'nothing', '\u0000', '%']) {
    expect((await thief.ask('history', { before })).problem).toMatchObject({ type: 'urn:tradewind:not-found' });
  }
  await thief.ask('receipt', { delivered: [messageId], read: [messageId] });
  const answer = await thief.ask('rate', { conversationId: conversation.id, score: 1 });
  expect(answer.problem.type).toBe('urn:tradewind:not-found');
  // The same id of a message is another message when another says it.
  await thief.send('the thief again', owner.messages()[0]?.id);
  await vi.waitFor(() => expect(thief.messages()).toHaveLength(2));
  expect(await textsOf(owner)).toEqual(['the owner’s words', 'for the owner']);
  expect(await textsOf(thief)).toEqual(['the thief’s words', 'the thief again']);
  expect((await desk.mei.get(`/api/messages/${messageId}`)).status).toBe('sent');
  expect(thief.told.every((message) => message.conversationId !== conversation.id)).toBe(true);
});

test('a signed visitor is the shop’s customer: same person as in mail and orders, on every device', async () => {
  const { finished, order } = desk.lab.shopify.create({
    ...{ currency: 'EUR', paid: true, lines: [{ title: 'Tea', quantity: 1, price: '9.00' }] },
    customer: { firstName: 'Noor', lastName: 'Al', email: 'noor@example.com' },
  });
  await finished;
  const placed = await vi.waitFor(async () => {
    const { items } = await desk.mei.get(`/api/orders?storeId=${desk.storeId}&externalId=${order.id}`);
    expect(items).toHaveLength(1);
    return items[0];
  });
  const claims = { sub: 'shop-42', name: 'Noor Al', email: 'Noor@Example.com' };
  const desktop = await visit({ identity: identify(claims) });
  expect(desktop.welcome).toMatchObject({ identified: true, visitorToken: null, profile: { name: 'Noor Al' } });
  const conversation = await say(desktop, 'where is my tea');
  expect(conversation.customerId).toBe(placed.customerId);
  const phone = await visit({ token: newToken(), identity: identify(claims) });
  expect(await textsOf(phone)).toEqual(['where is my tea']);
  await phone.send('from the phone');
  await vi.waitFor(() => expect(desktop.messages().at(-1)?.text).toBe('from the phone'));
  const customer = await desk.mei.get(`/api/customers/${placed.customerId}`);
  expect(customer.emails).toEqual(['noor@example.com']);
  expect(customer.identities).toContainEqual({
    kind: 'external',
    scope: accountId,
    value: 'user:shop-42',
    claimed: false,
  });
  // Another subject with the same address is the same customer, and another visitor: he reads none of it.
  const sister = await visit({ identity: identify({ ...claims, sub: 'shop-43' }) });
  expect(await textsOf(sister)).toEqual([]);
  expect((await say(sister, 'also me')).customerId).toBe(placed.customerId);
});

test('a claimed address that is a customer’s joins nothing', async () => {
  const { mail, finished } = desk.lab.mailgun.postInbound({
    ...{ from: 'Vera <vera@example.com>', subject: 'Hello', text: 'a mail of Vera' },
  });
  await finished;
  const known = await findConversation(desk, 'a mail of Vera');
  expect(mail.messageId).toBeTruthy();
  const pretender = await visit();
  await pretender.ask('profile', { name: 'Vera', email: 'vera@example.com' });
  const conversation = await say(pretender, 'I am Vera, send me her orders');
  expect(conversation.customerId).not.toBe(known.customerId);
  expect((await desk.mei.get(`/api/customers/${known.customerId}`)).identities).toHaveLength(1);
  expect((await desk.mei.get(`/api/customers/${conversation.customerId}`)).emails).toEqual([]);
  // And the other way: a mail from an address that was merely claimed finds nobody.
  await pretender.ask('profile', { email: 'never-written@example.com' });
  await desk.lab.mailgun.postInbound({ from: 'never-written@example.com', subject: 'x', text: 'a mail of nobody' })
    .finished;
  expect((await findConversation(desk, 'a mail of nobody')).customerId).not.toBe(conversation.customerId);
});

test('who signs in keeps what he wrote before; his token alone opens nothing from then on', async () => {
  const visitor = await visit();
  const before = await say(visitor, 'before I sign in');
  const anonymous = (await desk.mei.get(`/api/customers/${before.customerId}`)).id;
  await desk.lab.mailgun.postInbound({ from: 'Ida <ida@example.com>', subject: 'Hi', text: 'Ida by mail' }).finished;
  const mail = await findConversation(desk, 'Ida by mail');
  const { token } = visitor;
  const gone = new Promise((resolve) => visitor.socket.once('disconnect', resolve));
  const identity = identify({ sub: 'ida', name: 'Ida', email: 'ida@example.com' });
  const page = 'https://www.shop.example/account';
  const signedIn = await visit({ token, identity, auth: { page } });
  await gone; // the tab that is not signed in
  expect(await textsOf(signedIn)).toEqual(['before I sign in']);
  await vi.waitFor(async () => {
    expect((await desk.mei.get(`/api/conversations/${before.id}`)).customerId).toBe(mail.customerId);
  });
  expect(await desk.mei.get(`/api/customers/${anonymous}`)).toMatchObject({
    mergedInto: mail.customerId,
    identities: [],
  });
  // Known as the visitor, by his subject and by mail; where he is now is told on top of it, not in place of it.
  const customer = await desk.mei.get(`/api/customers/${mail.customerId}`);
  expect(customer.attributes).toEqual({ page });
  expect(customer.identities.map((one: { value: string }) => one.value).toSorted()).toEqual(
    [before.participants[0], 'ida@example.com', 'user:ida'].toSorted(),
  );
  expect((await say(signedIn, 'after I signed in')).id).toBe(before.id);
  for (const attempt of [{ token }, { token, identity: identify({ sub: 'somebody else' }) }]) {
    const other = await visit(attempt);
    expect(await textsOf(other)).toEqual([]);
    expect(other.welcome.visitorToken !== null).toBe(!('identity' in attempt));
  }
  expect(await textsOf(await visit({ identity }))).toEqual(['before I sign in', 'after I signed in']);
});

test('a customer who is known on another device does not take over what an anonymous visitor wrote', async () => {
  const identity = identify({ sub: 'two-devices' });
  await say(await visit({ identity }), 'written at home');
  const anonymous = await visit();
  await say(anonymous, 'written in the library');
  expect(await textsOf(await visit({ token: anonymous.token, identity }))).toEqual(['written at home']);
  expect(await textsOf(await visit({ token: anonymous.token }))).toEqual(['written in the library']);
});

test('many tabs that sign in at the same moment are one visitor', async () => {
  const anonymous = await visit();
  await say(anonymous, 'before the rush');
  const identity = identify({ sub: 'rush' });
  const tabs = await Promise.all(
    Array.from({ length: 8 }, (_, index) => visit({ identity, ...(index % 2 ? { token: anonymous.token } : {}) })),
  );
  const answers = await Promise.all(tabs.map((tab, index) => tab.send(`rush ${index}`).catch(() => null)));
  // One that was a moment too early connects again; nothing is lost, nobody is two.
  const late = answers.flatMap((answer, index) => (answer && !answer.problem ? [] : [`rush ${index}`]));
  const again = await visit({ identity });
  for (const text of late) await again.send(text);
  await vi.waitFor(async () => {
    expect((await textsOf(again)).toSorted()).toEqual(
      ['before the rush', ...tabs.map((_, index) => `rush ${index}`)].toSorted(),
    );
  });
  const { rows } = await desk.database.pool.query('select id from chat_visitors where subject = $1', ['rush']);
  expect(rows).toHaveLength(1);
  const { items } = await desk.mei.get(`/api/conversations?channelAccountId=${accountId}&q=rush`);
  expect(items).toHaveLength(1);
});

test('[R3] a bad identity is refused in words, counted, and costs nobody his chat', async () => {
  const valid = identify({ sub: 'ida' });
  const [, payload, signature] = valid.split('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const forgeries: [string, string][] = [
    [signIdentity('another secret', { sub: 'ida' }), 'has a wrong signature'],
    [identify({ sub: 'ida', exp: now() - 1 }), 'has expired'],
    [`${none}.${payload}.`, 'must be signed with HS256'],
    [`${none}.${payload}.${signature}`, 'must be signed with HS256'],
    [identify({ name: 'no subject' }), 'has no usable sub'],
    ['nonsense', 'is not a JWT'],
  ];
  const { rejected } = await desk.admin.get(`/api/channels/${accountId}`);
  for (const [identity, reason] of forgeries) {
    await expect(visit({ identity })).rejects.toMatchObject({
      data: { type: 'urn:tradewind:unauthenticated', errors: [{ path: 'identity', message: reason }] },
    });
  }
  expect(await desk.admin.get(`/api/channels/${accountId}`)).toMatchObject({
    rejected: rejected + forgeries.length,
    lastRejectReason: 'the identity of a visitor: is not a JWT',
  });
  const unsigned = await connectChat(desk, { identitySecret: undefined });
  await expect(visit({ identity: valid }, unsigned)).rejects.toMatchObject({
    data: { errors: [{ message: 'this account has no identitySecret' }] },
  });
  expect((await visit({}, unsigned)).welcome.identified).toBe(false);
  // A word of one account's shop is no word for another's.
  const other = await connectChat(desk, { identitySecret: 'the other shop’s secret' });
  await expect(visit({ identity: valid }, other)).rejects.toThrow('wrong signature');
});

test('hostile handshakes and events get a problem, and the others go on', async () => {
  const bystander = await visit();
  for (const auth of [
    { accountId: 'nobody' },
    { accountId: desk.channelId },
    { accountId: { $ne: null } },
    { accountId: '\u0000' },
    { visitorToken: 7 },
    { visitorToken: 'x'.repeat(100_000) },
    { identity: ['a'] },
    { language: 'tlh' },
    { page: 'x'.repeat(5_000) },
  ]) {
    await expect(visit({ auth })).rejects.toMatchObject({
      data: { type: expect.stringMatching(/bad-input|not-found/) },
    });
  }
  const visitor = await visit({ auth: { page: 'javascript:alert(1)', __proto__: { identity: 'x' }, extra: true } });
  const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`);
  const payloads: unknown[] = [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    deep,
    { id: 'short', text: 'x' },
    { id: newId(), text: '' },
    { id: newId(), text: '   ' },
    { id: newId(), text: '\u0000' },
    { id: newId(), text: 'x'.repeat(10_001) },
    { id: newId(), text: { toString: 'x' } },
    { id: newId(), text: 'x', attachmentIds: 'abc' },
    { id: newId(), text: 'x', attachmentIds: Array.from({ length: 6 }, () => 'a') },
    { id: newId(), text: 'x', attachmentIds: ['\u0000'] },
    { id: '\u0000\ud800', text: 'x' },
    { id: '__proto__', text: '' },
    JSON.parse('{"__proto__": {"id": "message-1", "text": "x"}}'),
    Buffer.from('binary'),
  ];
  for (const event of ['message', 'profile', 'rate', 'receipt', 'history']) {
    for (const payload of payloads) {
      const answer = await visitor.ask(event, payload);
      if (event === 'message' || event === 'rate') {
        expect(answer.problem, JSON.stringify([event, payload])?.slice(0, 200)).toMatchObject({
          type: expect.stringMatching(/bad-input|rate-limited/),
        });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // within what a widget may say
  }
  for (const event of ['message', 'typing', 'receipt', 'constructor', '__proto__', 'toString', 'error']) {
    visitor.socket.emit(event, { typing: 'maybe' });
    visitor.socket.emit(event);
    visitor.socket.emit(event, 'x', 'y', () => undefined);
  }
  expect(await visitor.history()).toMatchObject({ messages: [] });
  // Characters that no database takes are dropped; what is left is said.
  expect(await visitor.send('a\u0000b \ud800 c')).toMatchObject({ id: expect.any(String) });
  await vi.waitFor(() => expect(visitor.messages().map((message) => message.text)).toEqual(['ab \ufffd c']));
  // Nested deeper than any stack: no client of ours can say it, so it is written to the line as it is.
  const nested = await visit();
  for (const event of ['newListener', 'disconnect', 'connection', 0]) {
    (await visit()).socket.io.engine.write(`2/chat,${JSON.stringify([event, {}])}`);
  }
  const levels = 400_000;
  nested.socket.io.engine.write(`2/chat,["message",${'['.repeat(levels)}${']'.repeat(levels)}]`);
  nested.socket.io.engine.write(`2/chat,9["message",{"id":${'['.repeat(levels)}${']'.repeat(levels)}}]`);
  const huge = await visit();
  const cut = new Promise((resolve) => huge.socket.once('disconnect', resolve));
  huge.socket.emit('message', { id: newId(), text: 'x'.repeat(2 * 1024 * 1024) });
  await cut;
  expect(await bystander.send('still here')).toMatchObject({ id: expect.any(String) });
});

test('a flood is told to wait, and nobody else waits', async () => {
  const [flooder, bystander] = [await visit(), await visit()];
  const answers = await Promise.all(Array.from({ length: 400 }, (_, index) => flooder.send(`flood ${index}`)));
  const refused = answers.filter((answer) => answer.problem);
  expect(refused.length).toBeGreaterThan(350);
  for (const { problem } of refused) {
    expect(problem).toMatchObject({ type: 'urn:tradewind:rate-limited', retryAfterMs: expect.any(Number) });
    expect(problem.retryAfterMs).toBeLessThan(60_000);
  }
  expect(await bystander.send('not a flood')).toMatchObject({ id: expect.any(String) });
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const first = answers.findIndex((answer) => answer.problem);
  const id = newId();
  const again = await flooder.send(`flood ${first}`, id);
  expect(again).toMatchObject({ id });
  expect((await fetch(`${desk.url}/healthz`)).status).toBe(200);
});
