import type { Change } from '@tradewind/shared/protocol/sync';
import type { PersonalOf } from '@tradewind/shared/schemas/personal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, startTestDesk, type TestDesk } from './desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await startTestDesk();
});
afterAll(() => desk.close());

async function readPersonal(api: Api): Promise<Change[]> {
  const page = await api.get('/api/sync/changes?limit=5000');
  return page.changes.filter((change: Change) => change.collection === 'personal');
}

const draft = (text: string, base = 0, conversationId = 'c1') => ({
  type: 'set-personal',
  item: { kind: 'draft', conversationId, mode: 'reply', text, base },
});

async function receiveMail(subject: string): Promise<{ conversationId: string; messageId: string }> {
  const { mail, finished } = desk.lab.mailgun.postInbound({ from: 'Li <li@example.com>', subject, text: subject });
  await finished;
  for (;;) {
    const { items } = await desk.admin.get(`/api/messages?externalId=${encodeURIComponent(mail.messageId)}`);
    if (items[0]) return { conversationId: items[0].conversationId, messageId: items[0].id };
  }
}

test('[R15] a draft comes down to its author’s devices, and to nobody else, admins included', async () => {
  const { mei, sam, admin } = desk;
  expect(await mei.command(draft('half a sentence'))).toMatchObject({ status: 'applied' });
  const id = `draft:${mei.agentId}:c1:reply`;
  expect(await readPersonal(mei)).toEqual([
    expect.objectContaining({ id, doc: expect.objectContaining({ text: 'half a sentence' }) }),
  ]);
  for (const other of [sam, admin]) {
    expect((await readPersonal(other)).map((change) => change.id)).not.toContain(id);
  }
});

test('[R8] two devices that write without knowing of each other lose nothing', async () => {
  const { mei } = desk;
  await mei.command(draft('from the laptop', 0, 'c2'));
  await Promise.all([mei.command(draft('from the phone', 0, 'c2')), mei.command(draft('from the tablet', 0, 'c2'))]);
  const [change] = (await readPersonal(mei)).filter((one) => one.id === `draft:${mei.agentId}:c2:reply`);
  const { text, other } = (change?.doc ?? {}) as unknown as PersonalOf<'draft'>;
  expect([text, other?.text].sort()).toEqual(['from the phone', 'from the tablet']);
});

test('[R15] nobody writes or removes what is another agent’s', async () => {
  const { mei, sam } = desk;
  await mei.command(draft('mine', 0, 'c3'));
  const itemId = `draft:${mei.agentId}:c3:reply`;
  expect(await sam.command({ type: 'remove-personal', itemId })).toMatchObject({ status: 'applied' });
  expect((await readPersonal(mei)).find((one) => one.id === itemId)?.doc).toMatchObject({ text: 'mine' });
  expect(await mei.command({ type: 'remove-personal', itemId })).toMatchObject({ status: 'applied' });
  expect((await readPersonal(mei)).find((one) => one.id === itemId)).toMatchObject({ deleted: true });
});

test('a read mark goes forward with the customer’s messages; the conversation names the newest', async () => {
  const { mei } = desk;
  const { conversationId, messageId } = await receiveMail('Where is it?');
  const read = { type: 'set-personal', item: { kind: 'read', conversationId, messageId } };
  expect(await mei.command(read)).toMatchObject({ status: 'applied' });
  const mark = (await readPersonal(mei)).find((one) => one.id === `read:${mei.agentId}:${conversationId}`);
  const message = await mei.get(`/api/messages?conversationId=${conversationId}`);
  expect(mark?.doc).toMatchObject({ messageId, upToSeq: message.items[0].createdSeq });
  expect(await mei.get(`/api/conversations/${conversationId}`)).toMatchObject({ lastInboundId: messageId });
  const before = mark?.seq;
  await mei.command(read);
  expect((await readPersonal(mei)).find((one) => one.id === mark?.id)?.seq).toBe(before);
});

test('[R15] a read mark tells nothing of messages one may not see', async () => {
  const { admin, mei } = desk;
  const { conversationId, messageId } = await receiveMail('For the others');
  const team = await admin.call('POST', '/api/teams', { name: 'Others' });
  await admin.call('PATCH', `/api/channels/${desk.channelId}`, { teamIds: [team.body.id] });
  const refused = { status: 'rejected', reason: { kind: 'not-found', what: 'message' } };
  const read = (id: string) =>
    mei.command({ type: 'set-personal', item: { kind: 'read', conversationId, messageId: id } });
  expect(await read(messageId)).toMatchObject(refused);
  expect(await read('019b8d6e-0000-7000-8000-00000000dead')).toMatchObject(refused);
});
