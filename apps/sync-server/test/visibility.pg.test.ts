import { type ChangesPage, decodeCheckpoint } from '@tradewind/shared/protocol/sync';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { appendChanges } from '../src/replication/change-log.ts';
import { insertAccount } from './accounts.ts';
import { type Api, startTestDesk, type TestDesk } from './desk.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder, seedDocuments } from './documents.ts';
import { MemoryConsole } from './memory-console.ts';

let desk: TestDesk;
let at: string;

beforeAll(async () => {
  desk = await startTestDesk();
  const team = await desk.admin.call('POST', '/api/teams', { name: 'Closed' });
  await desk.admin.call('PATCH', `/api/agents/${desk.mei.agentId}`, { teamIds: [team.body.id] });
  await insertAccount(desk.database.db, { id: 'mail', family: 'channel', kind: 'json', teamIds: [team.body.id] });
  await insertAccount(desk.database.db, { id: 'shop', family: 'store', kind: 'json', teamIds: [team.body.id] });
});
afterAll(() => desk.close());

/** A conversation of an account that is open to Mei's team, with a file, an order and its customer; Sam is not in it. */
beforeEach(async () => {
  const { db } = desk.database;
  await sql`truncate conversations, messages, customers, orders, attachments cascade`.execute(db);
  await sql`delete from change_log where collection <> 'directory'`.execute(db);
  await seedDocuments(db, {
    scopes: [],
    customers: [buildCustomer({ id: 'cus' })],
    conversations: [buildConversation({ id: 'con', channelAccountId: 'mail', customerId: 'cus', subject: 'needle' })],
    messages: [buildMessage({ id: 'mes', conversationId: 'con', channelAccountId: 'mail' })],
    orders: [buildOrder({ id: 'ord', storeId: 'shop', customerId: 'cus' })],
  });
  await db
    .insertInto('attachments')
    .values({ id: 'att', name: 'a', content_type: 'a/b', size_bytes: 1, conversation_id: 'con', created_at: 1 })
    .execute();
  at = (await changesOf('')).checkpoint;
});

function changesOf(checkpoint: string, reader = desk.sam): Promise<ChangesPage> {
  return reader.get(`/api/sync/changes?limit=100${checkpoint && `&checkpoint=${checkpoint}`}`);
}

/** What Sam was told since he was told last, as `collection:id`, with `-` before what he lost. */
async function news(): Promise<string[]> {
  const { changes, checkpoint } = await changesOf(at);
  at = checkpoint;
  const told = changes.filter((change) => !['command', 'directory'].includes(change.collection));
  return told.map(({ collection, id, removed }) => `${removed ? '-' : ''}${collection}:${id}`).sort();
}

const assign = (agent: Api | null) =>
  desk.mei.command({ type: 'assign', conversationId: 'con', agentId: agent?.agentId ?? null });
const mention = (...agents: Api[]) =>
  desk.mei.command({ type: 'note', conversationId: 'con', text: 'look', mentions: agents.map((one) => one.agentId) });

/** Where Sam finds the conversation and what belongs to it: every way in, by its answer. */
async function waysIn(): Promise<boolean[]> {
  const isFound = async (path: string) => (await desk.sam.call('GET', path)).status !== 404;
  const isListed = async (path: string) => (await desk.sam.get(path)).items.length > 0;
  const { byStatus } = await desk.sam.get('/api/counts');
  const tag = await desk.sam.command({ type: 'tag', conversationId: 'con', add: ['x'], remove: [] });
  const note = await desk.sam.command({ type: 'note', conversationId: 'con', text: 'hm' });
  return [
    await isFound('/api/conversations/con'),
    await isFound('/api/conversations/con/messages'),
    await isFound('/api/messages/mes'),
    await isFound('/api/customers/cus'),
    await isFound('/api/orders/ord'),
    // Its content is not on this disk, which only who may see it is told.
    !JSON.stringify((await desk.sam.call('GET', '/api/attachments/att')).body).includes('no such attachment'),
    await isFound('/api/sync/snapshot?part=conversation:con'),
    await isListed('/api/conversations'),
    await isListed('/api/conversations?q=needle'),
    await isListed('/api/messages?conversationId=con'),
    await isListed('/api/customers'),
    await isListed('/api/orders'),
    byStatus.open + byStatus.pending > 0,
    tag.status === 'applied',
    note.reason?.kind !== 'not-found',
  ];
}
const ALL_OPEN = Array.from({ length: 15 }, () => true);
const ALL_CLOSED = ALL_OPEN.map(() => false);

test('[R15] assigning opens a conversation and all that belongs to it, on every way; taking it away closes them', async () => {
  expect(await waysIn()).toEqual(ALL_CLOSED);
  expect(await assign(desk.sam)).toMatchObject({ status: 'applied' });
  expect(await waysIn()).toEqual(ALL_OPEN);
  await assign(null);
  expect(await waysIn()).toEqual(ALL_CLOSED);
});

test('[R15] so does a mention, which stays when the assignment goes', async () => {
  await mention(desk.sam);
  expect(await waysIn()).toEqual(ALL_OPEN);
  await assign(desk.sam);
  await assign(null);
  expect(await waysIn()).toEqual(ALL_OPEN);
});

test('[R6] what opened is told without its messages, what closed as removed, and nothing is removed from who still sees it', async () => {
  expect(await news()).toEqual([]);
  await assign(desk.sam);
  expect(await news()).toEqual(['conversation:con', 'customer:cus', 'order:ord']);
  await assign(null);
  expect(await news()).toEqual(['-conversation:con', '-customer:cus', '-order:ord']);
  await assign(desk.sam);
  expect(await news()).toEqual(['conversation:con', 'customer:cus', 'order:ord']);
  await mention(desk.sam);
  await assign(desk.mei);
  const told = await news();
  expect(told.filter((one) => one.startsWith('-'))).toEqual([]);
  expect(told).toContain('conversation:con');
});

test('[R6] a document that returns to a scope has no removed row there any more, and is as old as ever', async () => {
  const rowsOf = () =>
    desk.database.db
      .selectFrom('change_log')
      .select(['scope_left', 'created_seq', 'removed', 'scopes'])
      .where('id', '=', 'con')
      .orderBy('scope_left')
      .execute();
  const [first] = await rowsOf();
  await assign(desk.sam);
  await assign(null);
  expect(await rowsOf()).toMatchObject([
    { scope_left: '', created_seq: first?.created_seq },
    {
      scope_left: `agent:${desk.sam.agentId}`,
      created_seq: first?.created_seq,
      removed: true,
      scopes: [`agent:${desk.sam.agentId}`],
    },
  ]);
  await assign(desk.sam);
  expect(await rowsOf()).toMatchObject([{ scope_left: '', created_seq: first?.created_seq }]);
});

test('[R6] a conversation says since when it is seen without a break, to those who have not always seen it', async () => {
  const seen = async (reader: Api) => (await changesOf('', reader)).changes.find(({ id }) => id === 'con');
  await assign(desk.sam);
  const first = await seen(desk.sam);
  expect(first?.since).toBe(first?.seq);
  await desk.mei.command({ type: 'tag', conversationId: 'con', add: ['x'], remove: [] });
  expect(await seen(desk.sam)).toMatchObject({ since: first?.since });
  await assign(null);
  await assign(desk.sam);
  const second = await seen(desk.sam);
  expect(second?.since).toBe(second?.seq);
  // A second way to see it changes nothing, nor does the loss of the first.
  await mention(desk.sam);
  expect(await seen(desk.sam)).toMatchObject({ since: second?.since });
  for (const reader of [desk.mei, desk.admin]) expect((await seen(reader))?.since).toBeUndefined();
});

test('[R6] hidden and shown again between two pages of one pull: what was said meanwhile comes all the same', async () => {
  await insertAccount(desk.database.db, { id: 'open', family: 'channel', kind: 'json', teamIds: [] });
  const agent = { id: desk.sam.agentId, email: '', name: 'Sam', role: 'agent' as const, teamIds: [], accessVersion: 1 };
  const console = new MemoryConsole(desk.database.db, decodeCheckpoint(at)?.deskId ?? '', agent);
  await assign(desk.sam);
  await console.pull(100);
  await assign(null);
  await desk.mei.command({ type: 'note', conversationId: 'con', text: 'said meanwhile' });
  await seedDocuments(desk.database.db, { scopes: [], customers: [buildCustomer({ id: 'another' })] });
  await seedDocuments(desk.database.db, {
    scopes: [],
    conversations: [buildConversation({ id: 'other', channelAccountId: 'open', customerId: 'another' })],
  });
  await assign(desk.sam);
  await assign(null);
  await console.pull(1, 1);
  expect(console.keys, 'nobody has told yet that it left').toContain('conversation:con');
  await assign(desk.sam);
  await console.pull(100);
  const texts = [...console.held.values()].map(({ doc }) => doc?.text);
  expect(texts).toContain('said meanwhile');
});

test('[R15] a console is told by which of its agent’s scopes it sees something, and of no others', async () => {
  await assign(desk.sam);
  await mention(desk.sam, desk.mei);
  const { changes } = await changesOf('');
  const scopes = new Map(changes.map((change) => [`${change.collection}:${change.id}`, change.scopes]));
  expect(scopes.get('conversation:con')).toEqual([`agent:${desk.sam.agentId}`]);
  expect(scopes.get('order:ord')).toEqual([`agent:${desk.sam.agentId}`]);
  expect(scopes.get('customer:cus')).toEqual([`agent:${desk.sam.agentId}`]);
  expect(scopes.get('message:mes')).toBeUndefined();
  const admin = await changesOf('', desk.admin);
  expect(admin.changes.find(({ id }) => id === 'con')?.scopes).toEqual(['all']);
});

test.each(['team:team-a', 'agent:somebody', 'all', 'store:shop', 'team:none', ''])(
  '[R15] a guessed scope is refused: %j',
  async (scope) => {
    const { status, body } = await desk.sam.call(
      'GET',
      `/api/sync/snapshot?part=${encodeURIComponent(`scope:${scope}`)}`,
    );
    expect([400, 403]).toContain(status);
    expect(body.items).toBeUndefined();
  },
);

test('[R15] who guesses ids gets the same answer for what is hidden and what is not there', async () => {
  for (const fields of [
    { type: 'reply', text: 'x', seenMessageId: null },
    { type: 'note', text: 'x' },
    { type: 'assign', agentId: desk.sam.agentId },
    { type: 'set-status', status: 'resolved' },
    { type: 'tag', add: ['x'], remove: [] },
  ]) {
    const hidden = await desk.sam.command({ ...fields, conversationId: 'con' });
    const missing = await desk.sam.command({ ...fields, conversationId: 'none' });
    expect(hidden).toMatchObject({ status: 'rejected', reason: missing.reason });
  }
});

test('[R15] an order that turns out to be another customer’s is not seen through the first one any more', async () => {
  await assign(desk.sam);
  await news();
  await seedDocuments(desk.database.db, { scopes: [], customers: [buildCustomer({ id: 'other' })] });
  await desk.database.db.updateTable('orders').set({ customer_id: 'other' }).where('id', '=', 'ord').execute();
  await desk.database.db.transaction().execute(async (tx) => {
    await appendChanges(tx, [{ collection: 'order', id: 'ord', scopes: null }], 1);
  });
  expect(await news()).toEqual(['-order:ord']);
});
