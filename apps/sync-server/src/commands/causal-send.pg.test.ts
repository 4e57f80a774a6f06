import { createUuidV7 } from '@tradewind/shared/ids';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CommandDesk } from '../../test/command-desk.ts';

let desk: CommandDesk;
let conversationId: string;
let firstId: string;
beforeAll(async () => {
  desk = await CommandDesk.open();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.database.db.deleteFrom('effects').execute();
  ({ id: conversationId, firstId } = await desk.seed());
});

function reply(seenMessageId: string | null | undefined, more: Record<string, unknown> = {}) {
  const seen = seenMessageId === undefined ? {} : { seenMessageId };
  return { type: 'reply', conversationId, text: 'On its way', ...seen, ...more };
}
const byMei = (fields: Record<string, unknown>) => desk.run(desk.mei, fields);
const bySam = (fields: Record<string, unknown>) => desk.run(desk.sam, fields);
const held = (...messageIds: (string | undefined)[]) => ({
  status: 'held',
  reason: { kind: 'unseen', messageIds, count: messageIds.length },
});

test('[R10] a reply whose author had seen everything is sent', async () => {
  expect(await byMei(reply(firstId))).toMatchObject({ status: 'applied' });
  expect(await desk.claim()).toHaveLength(1);
});

test('[R10] a colleague’s reply or note that the author had not seen holds the reply, and nothing of it is done', async () => {
  const { messageId: answer } = await bySam(reply(firstId));
  const { messageId: note } = await bySam({ type: 'note', conversationId, text: 'wait' });
  const before = await desk.conversation(conversationId);
  const result = await byMei(reply(firstId));
  expect(result).toMatchObject({ ...held(note, answer), conversationId });
  expect(await desk.message(result.id)).toBeNull();
  expect(await desk.conversation(conversationId)).toEqual(before);
  expect(await desk.claim()).toEqual([answer]);
});

test('[R10] a mail is held for the customer’s newer message, however new', async () => {
  const news = await desk.receive(conversationId);
  expect(await byMei(reply(firstId))).toMatchObject(held(news));
  expect(await byMei(reply(news))).toMatchObject({ status: 'applied' });
});

test('[R10] who names no message is held for colleagues’ words alone; who says nothing is not checked', async () => {
  expect(await byMei(reply(null))).toMatchObject({ status: 'applied' });
  const { messageId } = await bySam({ type: 'note', conversationId, text: 'wait' });
  expect(await byMei(reply(null))).toMatchObject(held(messageId));
  expect(await byMei(reply(undefined))).toMatchObject({ status: 'applied' });
});

test('[R10] bots, the desk’s own messages and one’s own hold nothing', async () => {
  await desk.receive(conversationId, { authorType: 'bot', direction: 'out' });
  await desk.receive(conversationId, { authorType: 'system', kind: 'event' });
  await byMei({ type: 'note', conversationId, text: 'mine' });
  expect(await byMei(reply(firstId))).toMatchObject({ status: 'applied' });
});

test('[R10] newer is a matter of createdSeq: not of clocks, and not of a later receipt or edit', async () => {
  const { messageId = '' } = await bySam(reply(firstId));
  const message = await desk.message(messageId);
  const old = await desk.receive(conversationId, { sentAt: 1, receivedAt: 1 });
  expect(await byMei(reply(messageId))).toMatchObject(held(old));
  await desk.claim(); // moves Sam's message to a new seq, past the customer's
  expect(message?.status).toBe('queued');
  expect(await byMei(reply(old))).toMatchObject({ status: 'applied' });
});

test('[R10] in a chat the customer’s message holds a reply only if it was there for 10 s', async () => {
  ({ id: conversationId, firstId } = await desk.seed('chat'));
  const news = await desk.receive(conversationId, { receivedAt: desk.now - 10_000 });
  expect(await byMei(reply(firstId))).toMatchObject({ status: 'applied' });
  desk.now += 1;
  expect(await byMei(reply(firstId))).toMatchObject(held(news));
});

test('[R10] a chat reply that comes a minute late is treated as mail', async () => {
  ({ id: conversationId, firstId } = await desk.seed('chat'));
  const news = await desk.receive(conversationId);
  expect(await byMei(reply(firstId, { at: desk.now - 60_000 }))).toMatchObject({ status: 'applied' });
  expect(await byMei(reply(firstId, { at: desk.now - 60_001 }))).toMatchObject(held(news));
});

test('[R10] in a chat a colleague’s reply holds at once', async () => {
  ({ id: conversationId, firstId } = await desk.seed('chat'));
  const { messageId } = await bySam(reply(firstId));
  expect(await byMei(reply(firstId))).toMatchObject(held(messageId));
});

test('[R15] a mark that is unknown, or a message of another conversation, is refused', async () => {
  const { firstId: elsewhere } = await desk.seed();
  const refused = { status: 'rejected', reason: { kind: 'invalid', errors: [{ path: 'seenMessageId' }] } };
  for (const mark of ['no-such-message', elsewhere, conversationId]) {
    expect(await byMei(reply(mark))).toMatchObject(refused);
  }
});

test('[R10] of the many messages that were not seen, the newest 20 are named and all are counted', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 23; n++) ids.push(await desk.receive(conversationId));
  const { reason } = await byMei(reply(firstId));
  expect(reason).toEqual({ kind: 'unseen', messageIds: ids.slice(3).reverse(), count: 23 });
});

test('[R10] replies written one after the other offline name each other, and what came before the first one is still news', async () => {
  const at = desk.now - 5_000;
  const first = { ...reply(firstId, { at }), id: createUuidV7() };
  const second = { ...reply(first.id, { at: at + 1 }), id: createUuidV7() };
  expect(await byMei(first)).toMatchObject({ status: 'applied' });
  expect(await byMei(second)).toMatchObject({ status: 'applied' });
});

test('[R10] a reply that names one of its author’s own that was held has seen no more than that one had', async () => {
  const { messageId } = await bySam(reply(firstId));
  const at = desk.now - 5_000;
  const first = { ...reply(firstId, { at }), id: createUuidV7() };
  expect(await byMei(first)).toMatchObject(held(messageId));
  expect(await byMei(reply(first.id, { at: at + 1 }))).toMatchObject(held(messageId));
});

test('[R10] an own note painted from the queue hides nothing that came before the server had it', async () => {
  const { messageId } = await bySam(reply(firstId));
  const at = desk.now - 5_000;
  const note = { id: createUuidV7(), type: 'note', conversationId, text: 'mine', seenMessageId: firstId, at };
  await byMei(note);
  expect(await byMei(reply(note.id, { at: at + 1 }))).toMatchObject(held(messageId));
  // Written when the note had long been answered: all before it was on the screen.
  expect(await byMei(reply(note.id))).toMatchObject({ status: 'applied' });
});

test('[R10] two agents who answer at the same instant: one is asked first', async () => {
  for (let round = 0; round < 20; round++) {
    const { id, firstId: seenMessageId } = await desk.seed();
    const answer = { type: 'reply', conversationId: id, text: 'Yes', seenMessageId };
    const results = await Promise.all([byMei(answer), bySam(answer)]);
    const applied = results.find(({ status }) => status === 'applied');
    const other = results.find(({ status }) => status === 'held');
    expect(other).toMatchObject(held(applied?.messageId));
  }
});

// The second check: as the message leaves.

test('[R10] a reply that waits is held when a colleague writes meanwhile: message, ledger and command at once', async () => {
  const result = await byMei(reply(firstId, { sendAt: desk.now + 10_000 }));
  const note = await bySam({ type: 'note', conversationId, text: 'do not', seenMessageId: firstId });
  desk.now += 10_000;
  expect(await desk.claim()).toEqual([]);
  expect(await desk.message(result.id)).toMatchObject({ status: 'held', failure: null });
  expect(await desk.commandDoc(result.id)).toMatchObject({ ...held(note.messageId), conversationId });
  desk.now += 60_000;
  expect(await desk.claim()).toEqual([]);
  const audit = await desk.database.db.selectFrom('audit').selectAll().where('action', '=', 'message.hold').execute();
  expect(audit.at(-1)).toMatchObject({ actor: 'server', after: { commandId: result.id, unseen: 1 } });
});

test('[R10] the command that is held again comes down after its message, in the same commit, and its customer waits on', async () => {
  const { id } = await byMei(reply(firstId, { sendAt: desk.now + 10_000 }));
  await bySam({ type: 'note', conversationId, text: 'do not' });
  desk.now += 10_000;
  await desk.claim();
  const log = await desk.database.db.selectFrom('change_log').selectAll().where('id', '=', id).orderBy('seq').execute();
  expect(log.map(({ collection }) => collection)).toEqual(['message', 'command']);
  expect(await desk.conversation(conversationId)).toMatchObject({
    preview: 'Where is it?',
    waitingSince: desk.now - 70_000,
  });
  const last = await desk.database.db
    .selectFrom('commit_marks')
    .selectAll()
    .orderBy('last_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  // The conversation's row lies between: its customer waits on.
  expect([last?.first_seq, last?.last_seq]).toEqual(log.map(({ seq }) => seq));
  expect(log[1]?.seq).toBe((log[0]?.seq ?? 0) + 2);
});

test('[R10] colleagues who had seen the waiting reply when they wrote do not hold it', async () => {
  const { id } = await byMei(reply(firstId, { sendAt: desk.now + 10_000 }));
  await bySam({ type: 'note', conversationId, text: 'good', seenMessageId: id });
  await bySam(reply(id));
  desk.now += 10_000;
  expect(await desk.claim()).toContain(id);
});

test('[R10] a mail that waits is held for the customer’s new message, a chat reply is not', async () => {
  const mail = await byMei(reply(firstId, { sendAt: desk.now + 10_000 }));
  await desk.receive(conversationId);
  ({ id: conversationId, firstId } = await desk.seed('chat'));
  const chat = await byMei(reply(firstId, { sendAt: desk.now + 10_000 }));
  await desk.receive(conversationId);
  desk.now += 10_000;
  expect(await desk.claim()).toEqual([chat.id]);
  expect(await desk.message(mail.id)).toMatchObject({ status: 'held' });
});

test('[R10] a failed message that is sent again is checked again', async () => {
  const { id } = await byMei(reply(firstId));
  await desk.claim();
  const failed = { state: 'failed' as const, answer: JSON.stringify({ status: 'failed' }) };
  await desk.database.db.updateTable('effects').set(failed).where('message_id', '=', id).execute();
  const message = { ...(await desk.message(id)), status: 'failed' };
  await desk.database.db
    .updateTable('messages')
    .set({ status: 'failed', doc: JSON.stringify(message) })
    .where('id', '=', id)
    .execute();
  await bySam({ type: 'note', conversationId, text: 'I called' });
  expect(await bySam({ type: 'retry-message', messageId: id })).toMatchObject({ status: 'applied' });
  expect(await desk.claim()).toEqual([]);
  expect(await desk.message(id)).toMatchObject({ status: 'held' });
  for (const type of ['retry-message', 'settle-message']) {
    expect(await byMei({ type, messageId: id, choice: 'resend' })).toMatchObject({
      reason: { kind: 'wrong-state', status: 'held' },
    });
  }
});

test('[R10] [R11] what may have arrived in an earlier attempt is not held any more', async () => {
  const { id } = await byMei(reply(firstId));
  await desk.claim();
  const lapsed = { state: 'queued' as const, answer: JSON.stringify({ status: 'unknown' }) };
  await desk.database.db.updateTable('effects').set(lapsed).where('message_id', '=', id).execute();
  await bySam({ type: 'note', conversationId, text: 'I called' });
  expect(await desk.claim()).toEqual([id]);
});

test('[R10] a colleague who writes while the reply is about to leave either comes after it or holds it', async () => {
  for (let round = 0; round < 20; round++) {
    const { id: conversation, firstId: seenMessageId } = await desk.seed();
    const answer = { type: 'reply', conversationId: conversation, text: 'Yes', seenMessageId };
    const waiting = await byMei({ ...answer, sendAt: desk.now + 1_000 });
    desk.now += 1_000;
    const [left, note] = await Promise.all([
      desk.claim(),
      bySam({ type: 'note', conversationId: conversation, text: 'no', seenMessageId }),
    ]);
    if (left.includes(waiting.id)) {
      // It left first: its `attempting` was committed before the note could get its place.
      const log = await desk.database.db
        .selectFrom('change_log')
        .select(['id', 'seq'])
        .where('collection', '=', 'message')
        .where('id', 'in', [waiting.id, note.messageId ?? ''])
        .orderBy('seq')
        .execute();
      expect(log.map(({ id }) => id)).toEqual([waiting.id, note.messageId]);
    } else {
      expect(await desk.claim()).toEqual([]);
      expect(await desk.commandDoc(waiting.id)).toMatchObject(held(note.messageId));
    }
    await desk.database.db.deleteFrom('effects').execute();
  }
});
