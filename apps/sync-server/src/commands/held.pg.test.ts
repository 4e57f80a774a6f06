import { createUuidV7 } from '@tradewind/shared/ids';
import { type CommandResult, commandDocSchema } from '@tradewind/shared/protocol/commands';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CommandDesk } from '../../test/command-desk.ts';
import { readLog } from '../replication/changes-page.ts';

const MONTH_MS = 31 * 86_400_000;
let desk: CommandDesk;
let conversationId: string;
let firstId: string;
/** A colleague's note that nobody but its author has seen. */
let newsId: string;
beforeAll(async () => {
  desk = await CommandDesk.open();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.database.db.deleteFrom('effects').execute();
  ({ id: conversationId, firstId } = await desk.seed());
  newsId = (await bySam({ type: 'note', conversationId, text: 'wait' })).messageId ?? '';
});

const byMei = (fields: Record<string, unknown>) => desk.run(desk.mei, fields);
const bySam = (fields: Record<string, unknown>) => desk.run(desk.sam, fields);
const reply = (more: Record<string, unknown> = {}) => ({
  ...{ type: 'reply', conversationId, text: 'On its way', seenMessageId: firstId, ...more },
});
const resolve = (after: string[], more: Record<string, unknown> = {}) => ({
  ...{ type: 'set-status', conversationId, status: 'resolved', after, ...more },
});

async function hold(): Promise<CommandResult> {
  const result = await byMei(reply());
  expect(result).toMatchObject({ status: 'held', reason: { kind: 'unseen', messageIds: [newsId] } });
  return result;
}

/** Held as it was to leave: it has a message. */
async function holdLeaving(): Promise<CommandResult> {
  const waiting = await byMei(reply({ seenMessageId: newsId, sendAt: desk.now + 1_000 }));
  newsId = (await bySam({ type: 'note', conversationId, text: 'one more' })).messageId ?? '';
  desk.now += 1_000;
  await desk.claim();
  expect(await desk.message(waiting.id)).toMatchObject({ status: 'held' });
  return waiting;
}

async function isTombstone(messageId: string): Promise<boolean | undefined> {
  const row = await desk.database.db
    .selectFrom('change_log')
    .select('deleted')
    .where('collection', '=', 'message')
    .where('id', '=', messageId)
    .executeTakeFirst();
  return row?.deleted;
}

async function inputOf(id: string): Promise<unknown> {
  const { db } = desk.database;
  return (await db.selectFrom('commands').select('input').where('id', '=', id).executeTakeFirstOrThrow()).input;
}

test('[R8] what comes after a held command is held with it, what comes after that too; a failed or unknown one rejects', async () => {
  const held = await hold();
  const second = await byMei(resolve([held.id]));
  const third = await byMei({ type: 'tag', conversationId, add: ['done'], remove: [], after: [second.id] });
  expect(second).toMatchObject({ status: 'held', reason: { kind: 'after-held', commandId: held.id }, conversationId });
  expect(third).toMatchObject({ status: 'held', reason: { kind: 'after-held', commandId: second.id } });
  const unknown = createUuidV7();
  const refused = (commandId: string) => ({ status: 'rejected', reason: { kind: 'after-failed', commandId } });
  expect(await byMei(resolve([held.id, unknown]))).toMatchObject(refused(unknown));
  const failed = await byMei({ type: 'retry-message', messageId: 'no-such-message' });
  expect(await byMei(resolve([failed.id]))).toMatchObject(refused(failed.id));
  expect(await desk.conversation(conversationId)).toMatchObject({ status: 'open', tags: [] });
});

test('[R10] the record of a held command says to its author’s devices what it asks for, until it is answered', async () => {
  const recordOf = async (id: string) => {
    const { rows } = await readLog(desk.database.db, 0, 5_000, null);
    return JSON.parse(rows.find((row) => row.collection === 'command' && row.id === id)?.docText ?? 'null');
  };
  const held = await hold();
  expect(commandDocSchema.parse(await recordOf(held.id)).input).toMatchObject(reply());
  await byMei({ type: 'discard', commandId: held.id });
  expect(await recordOf(held.id)).not.toHaveProperty('input');
  const applied = await byMei({ type: 'tag', conversationId, add: ['x'], remove: [] });
  expect(await recordOf(applied.id)).not.toHaveProperty('input');
});

test('[R15] a colleague’s command is none that one’s own can come after', async () => {
  const { id } = await bySam({ type: 'tag', conversationId, add: ['x'], remove: [] });
  expect(await byMei(resolve([id]))).toMatchObject({ status: 'rejected', reason: { kind: 'after-failed' } });
});

test('[R10] sent after all with a fresh mark: the reply leaves, and what waited for it is done, in order', async () => {
  const held = await hold();
  const second = await byMei(resolve([held.id]));
  const third = await byMei({ type: 'tag', conversationId, add: ['done'], remove: [], after: [second.id] });
  const sent = await byMei(reply({ confirms: held.id, seenMessageId: newsId, text: 'Edited' }));
  expect(sent).toMatchObject({ status: 'applied', messageId: sent.id });
  expect(await desk.conversation(conversationId)).toMatchObject({ status: 'resolved', tags: ['done'] });
  expect(await desk.commandDoc(held.id)).toMatchObject({
    ...{ status: 'applied', answeredBy: sent.id, messageId: sent.id, conversationId },
  });
  for (const { id } of [second, third]) {
    expect(await desk.commandDoc(id)).toMatchObject({ status: 'applied', conversationId });
    expect(await desk.commandDoc(id)).not.toHaveProperty('reason');
    expect(await inputOf(id)).toBeNull();
  }
  expect(await inputOf(held.id)).toBeNull();
  expect(await desk.claim()).toEqual([sent.id]);
});

test('[R8] records of what was released come down after what it did, and its answers say where that lies', async () => {
  const held = await hold();
  const after = { ...resolve([held.id]), id: createUuidV7(), at: desk.now };
  await byMei(after);
  const sent = await byMei(reply({ confirms: held.id, seenMessageId: newsId }));
  const log = await desk.database.db
    .selectFrom('change_log')
    .select(['collection', 'id', 'seq'])
    .where('id', 'in', [conversationId, sent.id, held.id, after.id])
    .orderBy('seq')
    .execute();
  expect(log.map(({ collection, id }) => `${collection} ${id}`)).toEqual([
    `conversation ${conversationId}`,
    `message ${sent.id}`,
    `command ${held.id}`,
    `command ${after.id}`,
    `command ${sent.id}`,
  ]);
  expect(sent.seq).toBe(log.at(-1)?.seq);
  expect(await byMei(after)).toMatchObject({ status: 'applied', seq: log[3]?.seq });
});

test('[R17] a released command is audited like any other, with the command that released it', async () => {
  const held = await hold();
  const second = await byMei(resolve([held.id]));
  const sent = await byMei(reply({ confirms: held.id, seenMessageId: newsId }));
  const rows = await desk.database.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'command.set-status')
    .orderBy('id', 'desc')
    .limit(1)
    .execute();
  expect(rows[0]).toMatchObject({
    actor: 'agent:mei',
    target: `conversation:${conversationId}`,
    before: { status: 'open' },
    after: { commandId: second.id, outcome: 'applied', releasedBy: sent.id, status: 'resolved' },
  });
});

test('[R10] a confirmation whose author has again not seen the newest is held in the first one’s place', async () => {
  const held = await hold();
  const second = await byMei(resolve([held.id]));
  const latest = await bySam({ type: 'note', conversationId, text: 'still not' });
  const again = await byMei(reply({ confirms: held.id, seenMessageId: newsId }));
  expect(again).toMatchObject({ status: 'held', reason: { kind: 'unseen', messageIds: [latest.messageId], count: 1 } });
  expect(await desk.commandDoc(held.id)).toMatchObject({ status: 'held', answeredBy: again.id });
  expect(await desk.commandDoc(second.id)).toMatchObject({ reason: { kind: 'after-held', commandId: again.id } });
  const answered = { status: 'rejected', reason: { kind: 'wrong-state', status: 'answered' } };
  expect(await byMei(reply({ confirms: held.id, seenMessageId: latest.messageId }))).toMatchObject(answered);
  expect(await byMei({ type: 'discard', commandId: held.id })).toMatchObject(answered);
  // What names the first one still waits, now for the second.
  const third = await byMei({ type: 'tag', conversationId, add: ['done'], remove: [], after: [held.id] });
  expect(third).toMatchObject({ status: 'held', reason: { kind: 'after-held', commandId: again.id } });
  const sent = await byMei(reply({ confirms: again.id, seenMessageId: latest.messageId }));
  expect(sent).toMatchObject({ status: 'applied' });
  for (const { id } of [held, second, again, third])
    expect(await desk.commandDoc(id)).toMatchObject({ status: 'applied' });
  expect(await desk.claim()).toEqual([sent.id]);
});

test('[R10] a second reply that waited for the first leaves after it, and no later than its author saw', async () => {
  const held = await hold();
  const second = await byMei(reply({ after: [held.id], seenMessageId: held.id, text: 'And one more thing' }));
  expect(second).toMatchObject({ status: 'held', reason: { kind: 'after-held' } });
  const sent = await byMei(reply({ confirms: held.id, seenMessageId: newsId }));
  expect(await desk.commandDoc(second.id)).toMatchObject({ status: 'applied', messageId: second.id });
  expect(await desk.claim()).toEqual([sent.id]);
});

test('[R10] a released reply whose author had not seen the newest asks for itself', async () => {
  const held = await byMei({ type: 'tag', conversationId, add: ['x'], remove: [], at: desk.now - MONTH_MS });
  const second = await byMei(reply({ after: [held.id] }));
  const third = await byMei(resolve([second.id]));
  await byMei({ type: 'tag', conversationId, add: ['x'], remove: [], confirms: held.id });
  expect(await desk.commandDoc(second.id)).toMatchObject({
    ...{ status: 'held', reason: { kind: 'unseen', messageIds: [newsId] } },
  });
  expect(await desk.commandDoc(third.id)).toMatchObject({ status: 'held', reason: { commandId: second.id } });
  await byMei({ type: 'discard', commandId: second.id });
  expect(await desk.commandDoc(third.id)).toMatchObject({ status: 'rejected' });
});

test('a command that is too old is confirmed in the same way, once', async () => {
  const note = { type: 'note', conversationId, text: 'x' };
  const held = await byMei({ ...note, at: desk.now - MONTH_MS });
  expect(held).toMatchObject({ status: 'held', reason: { kind: 'too-old' }, conversationId });
  expect(await byMei({ ...note, confirms: held.id })).toMatchObject({ status: 'applied' });
  expect(await byMei({ ...note, confirms: held.id })).toMatchObject({
    reason: { kind: 'wrong-state', status: 'applied' },
  });
  const start = { type: 'start-conversation', channelAccountId: 'mail', to: 'a@b.example', text: 'hi' };
  const old = await byMei({ ...start, at: desk.now - MONTH_MS });
  expect(await byMei({ ...start, confirms: old.id })).toMatchObject({ status: 'applied' });
});

test('[R15] only its author can answer a held command, and nobody else learns that it exists', async () => {
  const held = await hold();
  const unknown = { status: 'rejected', reason: { kind: 'not-found', what: 'command' } };
  expect(await bySam(reply({ confirms: held.id, seenMessageId: newsId }))).toMatchObject(unknown);
  expect(await bySam({ type: 'discard', commandId: held.id })).toMatchObject(unknown);
  expect(await byMei(reply({ confirms: createUuidV7(), seenMessageId: newsId }))).toMatchObject(unknown);
  expect(await byMei({ type: 'discard', commandId: createUuidV7() })).toMatchObject(unknown);
  expect(await desk.commandDoc(held.id)).not.toHaveProperty('answeredBy');
});

test('a confirmation is of the same type and about the same thing; what was never held cannot be confirmed', async () => {
  const held = await hold();
  const { id: elsewhere, firstId: seenMessageId } = await desk.seed();
  const refused = { status: 'rejected', reason: { kind: 'invalid', errors: [{ path: 'confirms' }] } };
  expect(await byMei(reply({ conversationId: elsewhere, seenMessageId, confirms: held.id }))).toMatchObject(refused);
  expect(await byMei({ type: 'note', conversationId, text: 'x', confirms: held.id })).toMatchObject(refused);
  const note = await byMei({ type: 'note', conversationId, text: 'x' });
  for (const fields of [
    { type: 'discard', commandId: note.id },
    { type: 'note', conversationId, text: 'y', confirms: note.id },
  ]) {
    expect(await byMei(fields)).toMatchObject({ reason: { kind: 'wrong-state', status: 'applied' } });
  }
  expect(await desk.commandDoc(held.id)).toMatchObject({ status: 'held' });
});

test('[R10] a reply given up takes with it what waits for it; giving it up twice is no error', async () => {
  const held = await hold();
  const second = await byMei(resolve([held.id]));
  const third = await byMei({ type: 'tag', conversationId, add: ['done'], remove: [], after: [second.id] });
  const discard = { type: 'discard', commandId: held.id };
  const given = await byMei(discard);
  expect(given).toMatchObject({ status: 'applied', conversationId });
  for (const { id } of [held, second, third]) {
    expect(await desk.commandDoc(id)).toMatchObject({
      ...{ status: 'rejected', reason: { kind: 'discarded', by: given.id }, answeredBy: given.id },
    });
    expect(await inputOf(id)).toBeNull();
  }
  expect(await byMei(discard)).toMatchObject({ status: 'applied' });
  expect(await desk.commandDoc(held.id)).toMatchObject({ answeredBy: given.id });
  const discarded = { reason: { kind: 'wrong-state', status: 'discarded' } };
  expect(await byMei(reply({ confirms: held.id, seenMessageId: newsId }))).toMatchObject(discarded);
  expect(await byMei(resolve([held.id]))).toMatchObject({ reason: { kind: 'after-failed', commandId: held.id } });
  expect(await desk.conversation(conversationId)).toMatchObject({ status: 'open', tags: [] });
});

test('[R10] a reply held as it was to leave, and sent anyway, is one message', async () => {
  const first = await holdLeaving();
  const waiting = await byMei(resolve([first.id]));
  const sent = await byMei(reply({ confirms: first.id, seenMessageId: newsId }));
  expect(sent).toMatchObject({ status: 'applied' });
  expect(await desk.message(first.id)).toBeNull();
  expect(await desk.commandDoc(first.id)).toMatchObject({ status: 'applied', messageId: sent.id });
  expect(await desk.commandDoc(waiting.id)).toMatchObject({ status: 'applied' });
  expect(await desk.claim()).toEqual([sent.id]);
  expect(await isTombstone(first.id)).toBe(true);
});

test('[R10] a reply held as it was to leave, and given up, is none', async () => {
  const held = await holdLeaving();
  await byMei({ type: 'discard', commandId: held.id });
  expect(await desk.message(held.id)).toBeNull();
  expect(await desk.claim()).toEqual([]);
  expect(await isTombstone(held.id)).toBe(true);
});

test('[R10] a mark that names a message taken back is still a mark', async () => {
  const taken = await holdLeaving();
  await byMei({ type: 'discard', commandId: taken.id });
  const result = await bySam(reply({ seenMessageId: taken.id }));
  expect(result).toMatchObject({ status: 'applied' });
});

test('[R10] a held reply that turns out to have arrived is not sent a second time', async () => {
  const held = await holdLeaving();
  const message = { ...(await desk.message(held.id)), status: 'delivered' };
  await desk.database.db
    .updateTable('messages')
    .set({ status: 'delivered', doc: JSON.stringify(message) })
    .where('id', '=', held.id)
    .execute();
  expect(await byMei(reply({ confirms: held.id, seenMessageId: newsId }))).toMatchObject({
    reason: { kind: 'wrong-state', status: 'delivered' },
  });
  await byMei({ type: 'discard', commandId: held.id });
  expect(await desk.message(held.id)).toMatchObject({ status: 'delivered' });
});

test('[R8] the same id with another `after` or `confirms`, or from a colleague, is another command; told again after a restore it is the same', async () => {
  const { id } = await hold();
  const note = { id: createUuidV7(), type: 'note', conversationId, text: 'x', at: desk.now, after: [] };
  expect(await byMei(note)).toMatchObject({ status: 'applied' });
  const reused = { status: 'rejected', seq: null, reason: { kind: 'id-reused' } };
  for (const more of [{ after: [id] }, { confirms: id }, { at: desk.now + 1 }]) {
    expect(await byMei({ ...note, ...more })).toMatchObject(reused);
  }
  expect(await bySam(note)).toMatchObject(reused);
  expect(await byMei({ ...note, restored: { status: 'applied' } })).toMatchObject({ status: 'applied' });
  expect(await byMei({ ...Object.fromEntries(Object.entries(note).reverse()) })).toMatchObject({ status: 'applied' });
});

test('[R8] an answer given from two devices at once counts once; what comes to wait meanwhile is not forgotten', async () => {
  for (let round = 0; round < 10; round++) {
    const { id, firstId: seen } = await desk.seed();
    const { messageId } = await bySam({ type: 'note', conversationId: id, text: 'wait' });
    const answer = { type: 'reply', conversationId: id, text: 'Yes' };
    const held = await byMei({ ...answer, seenMessageId: seen });
    const confirm = { ...answer, confirms: held.id, seenMessageId: messageId };
    const [first, second, waiting] = await Promise.all([
      byMei(confirm),
      byMei(confirm),
      byMei({ type: 'tag', conversationId: id, add: ['done'], remove: [], after: [held.id] }),
    ]);
    expect([first, second].map(({ status }) => status).sort()).toEqual(['applied', 'rejected']);
    expect(await desk.commandDoc(waiting.id)).toMatchObject({ status: 'applied' });
  }
});

test('a command that a version without its content has held can be confirmed and discarded', async () => {
  const note = { type: 'note', conversationId, text: 'x', at: desk.now - MONTH_MS };
  const [first, second] = [await byMei(note), await byMei(note)];
  for (const { id } of [first, second]) {
    const { conversationId: _unknown, ...doc } = await desk.commandDoc(id);
    const values = { input: null, doc: JSON.stringify(doc) };
    await desk.database.db.updateTable('commands').set(values).where('id', '=', id).execute();
  }
  expect(await byMei({ ...note, at: desk.now, confirms: first.id })).toMatchObject({ status: 'applied' });
  expect(await byMei({ type: 'discard', commandId: second.id })).toMatchObject({ status: 'applied' });
});
