import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Api, startTestDesk, type TestDesk } from './desk.ts';

// An agent leaves: what becomes of the conversations, the replies under way and the open consoles.
let desk: TestDesk;
let mei: Api;
let count = 0;
beforeAll(async () => {
  desk = await startTestDesk();
});
afterAll(() => desk.close());

const PASSWORD = 'a long enough password';

/** Each test has a Mei of its own, whom it disables. */
beforeEach(async () => {
  const email = `mei${++count}@shop.example`;
  await desk.admin.call('POST', '/api/agents', { email, name: 'Mei', password: PASSWORD });
  mei = await desk.logIn(email);
});

const disable = (fields: object = {}) =>
  desk.admin.call('PATCH', `/api/agents/${mei.agentId}`, { disabled: true, ...fields });
const read = (id: string): Promise<Conversation> => desk.admin.get(`/api/conversations/${id}`);
const standOf = async (id: string) => {
  const { status, assigneeId } = await read(id);
  return [status, assigneeId];
};

async function receiveMail(from: string, text = 'Hello') {
  const { mail, finished } = desk.lab.mailgun.postInbound({ from, subject: 'Parcel', text });
  await finished;
  return vi.waitFor(async () => {
    const { items } = await desk.admin.get(`/api/messages?externalId=${encodeURIComponent(mail.messageId)}`);
    expect(items).toHaveLength(1);
    return items[0] as { id: string; conversationId: string };
  });
}

/** A conversation of Mei's, in the given state. */
async function takeConversation(state: 'pending' | 'open' | 'snoozed' | 'resolved'): Promise<string> {
  const { id, conversationId } = await receiveMail(`customer${++count}@example.com`);
  await mei.command({ type: 'assign', conversationId, agentId: mei.agentId });
  if (state !== 'pending') await mei.command({ type: 'reply', conversationId, text: 'Hi', seenMessageId: id });
  if (state === 'snoozed' || state === 'resolved') {
    const until = state === 'snoozed' ? { snoozedUntil: Date.now() + 3_600_000 } : {};
    await mei.command({ type: 'set-status', conversationId, status: state, ...until });
  }
  return conversationId;
}

test('unresolved conversations become nobody’s: those not answered wait as new ones do', async () => {
  const ids = [];
  for (const state of ['pending', 'open', 'snoozed', 'resolved'] as const) ids.push(await takeConversation(state));
  const [taken = '', answered = '', snoozed = '', resolved = ''] = ids;
  const seqOf = async (id: string) => {
    const row = await desk.database.db.selectFrom('change_log').select('seq').where('id', '=', id).executeTakeFirst();
    return row?.seq ?? 0;
  };
  const before = await seqOf(answered);
  expect((await disable()).status).toBe(200);
  expect(await standOf(taken)).toEqual(['pending', null]);
  expect(await standOf(answered)).toEqual(['open', null]);
  expect(await standOf(snoozed)).toEqual(['snoozed', null]);
  expect(await standOf(resolved)).toEqual(['resolved', mei.agentId]);
  expect(await seqOf(answered)).toBeGreaterThan(before);
  const audit = await desk.database.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'conversation.hand-over')
    .where('target', '=', `conversation:${taken}`)
    .execute();
  expect(audit).toMatchObject([
    {
      actor: `agent:${desk.admin.agentId}`,
      before: { status: 'open', assigneeId: mei.agentId },
      after: { status: 'pending', assigneeId: null },
    },
  ]);
});

test('they go to the agent who is named, as far as that agent may see them', async () => {
  const { id: teamId } = (await desk.admin.call('POST', '/api/teams', { name: `Others ${count}` })).body;
  const seen = await takeConversation('open');
  const hidden = await takeConversation('open');
  const closed = {
    kind: 'mailgun',
    name: 'VIP',
    config: { signingKey: 'k', domain: 'vip.example', fromAddress: 'v@vip.example' },
  };
  const account = (await desk.admin.call('POST', '/api/channels', { ...closed, teamIds: [teamId] })).body;
  // As after a change of the account's teams: Mei had the conversation before it was closed to others.
  await desk.database.pool.query(
    `update conversations set channel_account_id = $1, doc = doc || jsonb_build_object('channelAccountId', $1::text) where id = $2`,
    [account.id, hidden],
  );
  expect((await disable({ reassignTo: desk.sam.agentId })).status).toBe(200);
  expect(await standOf(seen)).toEqual(['open', desk.sam.agentId]);
  expect(await standOf(hidden)).toEqual(['open', null]);
});

test.each([
  ['nobody', 'no such agent'],
  ['self', 'must be another agent'],
  ['disabled', 'is disabled'],
])('a receiver who cannot take them (%s) is refused by name, and nothing has changed', async (which, message) => {
  const id = await takeConversation('open');
  const gone = await desk.admin.call('POST', '/api/agents', {
    email: `gone${count}@shop.example`,
    name: 'Gone',
    password: PASSWORD,
    disabled: true,
  });
  const reassignTo = { nobody: 'nobody', self: mei.agentId, disabled: gone.body.id }[which];
  const { status, body } = await disable({ reassignTo });
  expect([status, body.errors]).toEqual([400, [{ path: 'reassignTo', message }]]);
  expect(await standOf(id)).toEqual(['open', mei.agentId]);
  expect((await mei.call('GET', '/api/me')).status).toBe(200);
});

test('conversations are handed over only by disabling', async () => {
  const path = `/api/agents/${mei.agentId}`;
  for (const body of [{ reassignTo: null }, { reassignTo: desk.sam.agentId, disabled: false }]) {
    const answer = await desk.admin.call('PATCH', path, body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'reassignTo']);
  }
});

test('open consoles of a disabled agent are cut, the session is over, and enabling again lets the agent log in', async () => {
  const connect = () => io(desk.url, { auth: { token: mei.token }, transports: ['websocket'], reconnection: false });
  const next = (socket: Socket, event: string) => new Promise<unknown>((resolve) => socket.once(event, resolve));
  const socket = connect();
  await next(socket, 'connect');
  const cut = next(socket, 'disconnect');
  await disable();
  await cut;
  expect((await mei.call('GET', '/api/me')).status).toBe(401);
  const refused = connect();
  expect(await next(refused, 'connect_error')).toMatchObject({ data: { type: 'urn:tradewind:unauthenticated' } });
  refused.close();
  const { body } = await desk.admin.call('PATCH', `/api/agents/${mei.agentId}`, { disabled: false });
  expect(body.disabled).toBe(false);
  expect((await (await desk.logIn(body.email)).call('GET', '/api/me')).status).toBe(200);
});

test('[R11] replies that wait to be sent still leave', async () => {
  const from = `patient${count}@example.com`;
  const { id, conversationId } = await receiveMail(from);
  desk.lab.mailgun.faults.add({ kind: 'answer-503', recipient: from });
  const { messageId } = await mei.command({ type: 'reply', conversationId, text: 'Soon', seenMessageId: id });
  await vi.waitFor(async () => expect((await desk.admin.get(`/api/messages/${messageId}`)).failure).not.toBeNull());
  await disable();
  const sent = () => desk.lab.mailgun.sent.filter((mail) => mail.to.some((to) => to.address === from));
  await vi.waitFor(() => expect(sent()).toHaveLength(1), { interval: 200 });
});

test('a customer who answers a resolved conversation of a disabled agent waits for somebody else', async () => {
  const conversationId = await takeConversation('resolved');
  await disable();
  const [sent] = await vi.waitFor(() => {
    const found = desk.lab.mailgun.sent.filter((mail) =>
      mail.to.some((to) => to.address === `customer${count}@example.com`),
    );
    expect(found).toHaveLength(1);
    return found;
  });
  if (!sent) throw new Error('nothing was sent');
  await desk.lab.mailgun.postInbound(desk.lab.mailgun.buildReply(sent, { text: 'One more thing' })).finished;
  await vi.waitFor(async () => expect(await standOf(conversationId)).toEqual(['pending', null]));
});

test('conversations assigned at the very moment are handed over, or not assigned any more', async () => {
  const ids = await Promise.all(
    Array.from({ length: 12 }, async () => (await receiveMail(`rush${++count}@example.com`)).conversationId),
  );
  const assigned = ids.map((conversationId) =>
    desk.sam.command({ type: 'assign', conversationId, agentId: mei.agentId }),
  );
  const answer = disable({ reassignTo: desk.sam.agentId });
  const results = await Promise.all(assigned);
  expect((await answer).status).toBe(200);
  for (const [index, id] of ids.entries()) {
    const { assigneeId } = await read(id);
    expect(assigneeId).toBe(results[index]?.status === 'applied' ? desk.sam.agentId : null);
  }
});
