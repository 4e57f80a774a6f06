import { randomBytes } from 'node:crypto';
import {
  type ChangesPage,
  DIGEST_RANGE,
  type Digest,
  decodeCheckpoint,
  digestOf,
  encodeCheckpoint,
  type SnapshotItem,
  type SnapshotPage,
  snapshotPageSchema,
} from '@tradewind/shared/protocol/sync';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import { createRandom } from '@tradewind/shared/testing/random';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder } from '../../test/documents.ts';
import { SnapshotClient } from '../../test/snapshot-client.ts';
import { isVisibleSql, type Scopes } from '../auth/scopes.ts';
import { writeConversations, writeCustomers, writeMessages, writeOrders } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import { appendChanges, type ChangeEntry } from './change-log.ts';
import { readChangesPage } from './changes-page.ts';
import { readDigest } from './digest.ts';
import { RECENT_MS, readSnapshotPage } from './snapshot-page.ts';

const DESK = 'desk-1';
const DAY = 86_400_000;
const now = 1_800_000_000_000;
const OLD = now - RECENT_MS - 10 * DAY;
const EVERYBODY: Scopes = ['desk', 'agent:mei'];
const ADMIN: Scopes = ['all', 'agent:mei'];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db
    .insertInto('agents')
    .values(
      ['mei', 'sam'].map((id) => ({
        id,
        email: id,
        name: id,
        password_hash: '',
        role: 'agent' as const,
        created_at: 1,
      })),
    )
    .execute();
});
afterAll(() => database.close());
beforeEach(async () => {
  await sql`truncate customers, conversations, messages, orders, commands, change_log, commit_marks`.execute(
    database.db,
  );
});

interface Docs {
  customers?: ReturnType<typeof buildCustomer>[];
  conversations?: Conversation[];
  messages?: ReturnType<typeof buildMessage>[];
  orders?: ReturnType<typeof buildOrder>[];
}

/** One commit, as processing writes it. */
async function write(given: Docs, options: { scopes?: string[] | null; at?: number } = {}): Promise<void> {
  const { customers = [], conversations = [], messages = [], orders = [] } = given;
  const { scopes = ['desk'], at = now } = options;
  const toEntry = (collection: ChangeEntry['collection']) => (doc: { id: string; deleted?: boolean }) => ({
    ...{ collection, id: doc.id, scopes, deleted: doc.deleted ?? false },
  });
  await database.db.transaction().execute(async (tx) => {
    await runWrites(tx, [
      writeCustomers(customers, at),
      writeConversations(conversations, at),
      writeMessages(messages),
      writeOrders(orders),
    ]);
    const entries = [
      ...customers.map(toEntry('customer')),
      ...conversations.map(toEntry('conversation')),
      ...messages.map(toEntry('message')),
      ...orders.map(toEntry('order')),
    ];
    await appendChanges(tx, entries, at);
  });
}

interface Asked {
  scopes?: Scopes;
  limit?: number;
  accessVersion?: number;
}

async function readPage(part: string, cursor: string | null = null, asked: Asked = {}): Promise<SnapshotPage> {
  const reader = { scopes: asked.scopes ?? ADMIN, accessVersion: 1, agentId: 'mei' };
  const request = { part, cursor, limit: asked.limit ?? 1_000, accessVersion: asked.accessVersion ?? null };
  const text = await readSnapshotPage(database.db, DESK, reader, request, now);
  return snapshotPageSchema.parse(JSON.parse(text));
}

async function readPart(part: string, asked: Asked = {}): Promise<SnapshotItem[]> {
  const items: SnapshotItem[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: SnapshotPage = await readPage(part, cursor, asked);
    expect(page.items.length).toBeLessThanOrEqual(asked.limit ?? 1_000);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = page.nextCursor;
  }
}

async function readChanges(checkpoint: string | null, scopes: Scopes = ADMIN, limit = 1_000): Promise<ChangesPage> {
  const reader = { agentId: 'mei', scopes, accessVersion: 1 };
  const request = { checkpoint, accessVersion: null, limit };
  return JSON.parse(await readChangesPage(database.db, DESK, reader, request, now)) as ChangesPage;
}

/** What a reader may see, by a direct look at the log: key → seq. */
async function listVisible(scopes: Scopes): Promise<Map<string, number>> {
  const { rows } = await sql<{ key: string; seq: number }>`
    select collection || ':' || id as key, seq from change_log log
    where not deleted and not removed and collection not in ('command', 'directory') and ${isVisibleSql(scopes)}`.execute(
    database.db,
  );
  return new Map(rows.map(({ key, seq }) => [key, seq]));
}

const keysOf = (items: readonly { collection: string; id: string }[]) =>
  items.map((item) => `${item.collection}:${item.id}`);

/** A desk with everything that matters to parts: open, recent and old work, shared customers, orders with and without them. */
async function seedDesk(seed: number, size: number): Promise<void> {
  const random = createRandom(seed);
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
  for (let n = 0; n < size; n++) {
    const scopes = pick(['desk'], ['desk'], ['team:vip']);
    const at = pick(now - DAY, OLD + n);
    const customerId = pick(`cu-${n}`, `cu-${Math.floor(n / 2)}`);
    await write({ customers: [buildCustomer({ id: customerId })] }, { scopes: ['desk', 'team:vip'], at });
    const id = `co-${String(n).padStart(4, '0')}`;
    const kind = pick('conversation', 'conversation', 'order', 'none');
    if (kind === 'conversation') {
      const conversation = buildConversation({
        id,
        channelAccountId: 'mail',
        customerId,
        status: pick('open', 'resolved', 'resolved', 'snoozed'),
      });
      const messages = Array.from({ length: Math.floor(random() * 9) }, (_, index) =>
        buildMessage({
          id: `${id}-m${index}`,
          conversationId: id,
          channelAccountId: 'mail',
          sentAt: at + Math.floor(index / 2),
        }),
      );
      await write({ conversations: [conversation], messages }, { scopes, at });
    }
    if (kind === 'order' || random() < 0.3) {
      const order = buildOrder({
        id: `or-${n}`,
        storeId: 'shop',
        customerId: pick(customerId, null),
        externalUpdatedAt: at,
        deleted: random() < 0.1,
      });
      await write({ orders: [order] }, { scopes, at });
    }
  }
}

describe('parts', () => {
  test.each([
    [1, ADMIN, 5_000],
    [2, ADMIN, 7],
    [8, EVERYBODY, 1],
    [4, EVERYBODY, 40],
  ] as const)(
    '[R6] open, recent and history together are what a reader may see, conversations and messages once, the rest once per part (seed %i, %o, pages of %i)',
    async (seed, scopes, limit) => {
      await seedDesk(seed, 60);
      const open = await readPart('open', { scopes, limit });
      const recent = await readPart('recent', { scopes, limit });
      const history = await readPart('history', { scopes, limit });
      const all = [...open, ...recent, ...history].filter((item) => item.collection !== 'directory');
      const visible = await listVisible(scopes);
      expect([...new Set(keysOf(all))].sort()).toEqual([...visible.keys()].sort());
      for (const items of [open, recent, history]) expect(new Set(keysOf(items)).size).toBe(items.length);
      const threads = all.filter((item) => item.collection === 'conversation' || item.collection === 'message');
      expect(new Set(keysOf(threads)).size).toBe(threads.length);
      for (const item of all)
        expect([item.id, item.seq]).toEqual([item.id, visible.get(`${item.collection}:${item.id}`)]);

      const statuses = (items: SnapshotItem[]) =>
        new Set(items.filter((one) => one.collection === 'conversation').map((one) => one.doc.status));
      expect(statuses(open)).toEqual(new Set(['open', 'snoozed']));
      expect(statuses([...recent, ...history])).toEqual(new Set(['resolved']));
      const orders = (items: SnapshotItem[]) =>
        items.filter((one) => one.collection === 'order').map((one) => Number(one.doc.externalUpdatedAt));
      expect(orders(recent).every((at) => at >= now - RECENT_MS)).toBe(true);
      expect(orders(history).every((at) => at < now - RECENT_MS)).toBe(true);
      expect(orders(open).length).toBeGreaterThan(0);

      for (const items of [open, recent, history]) {
        const keys = keysOf(items);
        for (const item of items) {
          if (item.collection === 'message')
            expect(keys.indexOf(`conversation:${item.doc.conversationId}`)).toBeLessThan(
              keys.indexOf(`message:${item.id}`),
            );
        }
      }
      const order = history.filter((one) => one.collection === 'conversation').map((one) => one.id);
      expect(order).toEqual([...order].sort().reverse()); // they were written in the order of their ids
    },
  );

  test('items say by which scopes of the reader they are seen; messages do not', async () => {
    const conversation = buildConversation({ id: 'co', channelAccountId: 'mail', customerId: 'cu' });
    const messages = [buildMessage({ id: 'm', conversationId: 'co', channelAccountId: 'mail' })];
    await write(
      { customers: [buildCustomer({ id: 'cu' })], conversations: [conversation], messages },
      { scopes: ['desk', 'team:vip'] },
    );
    const told = async (scopes: Scopes) =>
      Object.fromEntries((await readPart('conversation:co', { scopes })).map((item) => [item.collection, item.scopes]));
    expect(await told(EVERYBODY)).toEqual({ conversation: ['desk'], customer: ['desk'], message: undefined });
    expect(await told(ADMIN)).toEqual({ conversation: ['all'], customer: ['all'], message: undefined });
  });

  test('open holds the directory and what the agent has not answered yet, nobody else’s', async () => {
    const command = (id: string, agentId: string, status: string, answeredBy?: string) => ({
      ...{ id, agent_id: agentId, type: 'reply', content_hash: '', received_at: now, status },
      doc: JSON.stringify({ id, status, type: 'reply', agentId, at: now, receivedAt: now, answeredBy }),
    });
    const rows = [
      command('held-mine', 'mei', 'held'),
      command('held-answered', 'mei', 'held', 'other'),
      command('applied-mine', 'mei', 'applied'),
      command('held-theirs', 'sam', 'held'),
    ];
    await database.db.transaction().execute(async (tx) => {
      await tx.insertInto('commands').values(rows).execute();
      const entries = rows.map((row) => ({
        collection: 'command' as const,
        id: row.id,
        scopes: [`agent:${row.agent_id}`],
      }));
      await appendChanges(tx, [...entries, { collection: 'directory', id: 'mei', scopes: ['desk'] }], now);
    });
    for (const scopes of [ADMIN, EVERYBODY]) {
      expect(keysOf(await readPart('open', { scopes }))).toEqual(['directory:mei', 'command:held-mine']);
    }
    expect(keysOf(await readPart('range:command:0:99999', { scopes: ADMIN })).sort()).toEqual([
      'command:applied-mine',
      'command:held-answered',
      'command:held-mine',
    ]);
  });

  test('[R15] a conversation, a scope, a range: only what the reader may see, and no telling what else there is', async () => {
    await seedDesk(5, 40);
    const hidden = buildConversation({ id: 'secret', channelAccountId: 'mail', customerId: 'cu-1' });
    await write({ conversations: [hidden] }, { scopes: ['team:vip'] });
    await expect(readPage('conversation:secret', null, { scopes: EVERYBODY })).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(readPage('conversation:none', null, { scopes: EVERYBODY })).rejects.toMatchObject({
      kind: 'not-found',
    });
    for (const scope of ['team:vip', 'team:none', 'agent:sam', 'all']) {
      await expect(readPage(`scope:${scope}`, null, { scopes: EVERYBODY })).rejects.toMatchObject({
        ...{ kind: 'forbidden', message: 'You do not have this scope.' },
      });
    }
    const vip = await readPart('scope:team:vip', { scopes: ['desk', 'team:vip', 'agent:mei'], limit: 11 });
    const only = await listVisible(['team:vip']);
    expect(keysOf(vip).sort()).toEqual([...only.keys()].sort());
    expect(keysOf(await readPart('scope:all')).sort()).toEqual([...(await listVisible(ADMIN)).keys()].sort());

    const messages = await readPart('range:message:0:999999', { scopes: EVERYBODY, limit: 3 });
    expect(keysOf(messages).sort()).toEqual(
      [...(await listVisible(EVERYBODY)).keys()].filter((key) => key.startsWith('message:')).sort(),
    );
    const places = messages.map((item) => item.createdSeq);
    const [from, to] = [places.at(-1) ?? 0, places[0] ?? 0];
    expect((await readPart(`range:message:${from}:${to}`, { scopes: EVERYBODY })).length).toBe(messages.length - 1);
    await expect(readPage('range:nothing:0:9')).rejects.toMatchObject({ kind: 'bad-input' });
  });

  test('one conversation comes whole, with its customer and his orders', async () => {
    const id = 'co-1';
    const messages = Array.from({ length: 25 }, (_, index) =>
      buildMessage({ id: `m-${index}`, conversationId: id, channelAccountId: 'mail', sentAt: index }),
    );
    const conversations = [buildConversation({ id, channelAccountId: 'mail', customerId: 'cu', status: 'resolved' })];
    const orders = [
      buildOrder({ id: 'or-1', storeId: 'shop', customerId: 'cu' }),
      buildOrder({ id: 'or-2', storeId: 'shop', customerId: 'cu', deleted: true }),
    ];
    await write({ customers: [buildCustomer({ id: 'cu' })], conversations, messages, orders }, { at: OLD });
    for (const limit of [1, 3, 100]) {
      const items = keysOf(await readPart('conversation:co-1', { limit }));
      expect(items).toEqual([
        'conversation:co-1',
        'customer:cu',
        'order:or-1',
        ...messages.map((one) => `message:${one.id}`).reverse(),
      ]);
    }
  });

  test('a page ends early where documents are large, and the next goes on in the same conversation', async () => {
    const messages = Array.from({ length: 7 }, (_, index) =>
      // Text that does not compress: sizes count as they are stored.
      buildMessage({
        ...{ id: `m-${index}`, conversationId: 'co', channelAccountId: 'mail', sentAt: index },
        text: randomBytes(1_500_000).toString('base64'),
      }),
    );
    await write({ conversations: [buildConversation({ id: 'co', channelAccountId: 'mail' })], messages });
    const first = await readPage('open');
    expect(first.items.length).toBeLessThan(6);
    expect(keysOf(await readPart('open')).filter((key) => key.startsWith('message')).length).toBe(7);
  });

  test('a cursor is good for its part, its history and its reader’s access alone', async () => {
    await seedDesk(6, 20);
    const first = await readPage('history', null, { limit: 2 });
    const refuse = (part: string, cursor: string | null, asked: Asked, kind: string) =>
      expect(readPage(part, cursor, asked)).rejects.toMatchObject({ kind });
    await refuse('recent', first.nextCursor, {}, 'bad-input');
    await refuse('history', 'x', {}, 'bad-input');
    await refuse('history', null, { accessVersion: 2 }, 'access-changed');
    await sql`update commit_marks set mark = 'other'`.execute(database.db);
    await refuse('history', first.nextCursor, {}, 'resync');
  });
});

describe('while others write', () => {
  test('[R6] a conversation that moves while it is given still comes whole', async () => {
    const conversation = buildConversation({ id: 'co', channelAccountId: 'mail', status: 'resolved' });
    const messages = Array.from({ length: 10 }, (_, index) =>
      buildMessage({ id: `m-${index}`, conversationId: 'co', channelAccountId: 'mail', sentAt: index }),
    );
    await write({ conversations: [conversation], messages });
    const items: SnapshotItem[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: SnapshotPage = await readPage('recent', cursor, { limit: 3 });
      items.push(...page.items);
      await write({ conversations: [{ ...conversation, status: 'open' }] }, { at: now + 5 });
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(items.filter((item) => item.collection === 'message').length).toBe(10);
  });

  test.each([11, 12, 13, 14, 16, 120, 126])(
    '[R6] [R15] parts and tail together are what the reader may see (seed %i)',
    async (seed) => {
      await seedDesk(seed, 50);
      const random = createRandom(seed);
      const scopes = random() < 0.5 ? EVERYBODY : ADMIN;
      const client = new SnapshotClient({
        snapshot: (part, cursor) => readPage(part, cursor, { scopes, limit: 1 + Math.floor(random() * 30) }),
        changes: (checkpoint) => readChanges(checkpoint, scopes, 5),
      });
      let writes = 0;
      const between = async () => {
        for (let n = Math.floor(random() * 4); n > 0; n--) await writeAtRandom(random, ++writes);
      };
      await client.fetchPart('open', between);
      await client.fetchPart('recent', between);
      await client.pull();
      await client.fetchPart('history', async () => {
        await between();
        if (random() < 0.5) await client.pull();
      });
      await client.pull();
      expect(writes).toBeGreaterThan(10);
      const held = [...client.docs].filter(([, one]) => one.collection !== 'directory' && one.collection !== 'command');
      expect(held.map(([key, { seq }]) => `${key}@${seq}`).sort()).toEqual(
        [...(await listVisible(scopes))].map(([key, seq]) => `${key}@${seq}`).sort(),
      );
    },
  );
});

async function writeAtRandom(random: () => number, n: number): Promise<void> {
  const at = now + n;
  const { rows } = await sql<{
    doc: Conversation;
  }>`select doc from conversations order by md5(id || ${String(n)}) limit 1`.execute(database.db);
  const conversation = rows[0]?.doc as Conversation;
  const choice = Math.floor(random() * 7);
  const message = (conversationId: string) =>
    buildMessage({ id: `new-m-${n}`, conversationId, channelAccountId: 'mail', sentAt: at });
  if (choice === 0) {
    // A new customer, or one who has been here before and whose own document does not change.
    const customers = n % 2 === 0 ? [buildCustomer({ id: `new-cu-${n}` })] : [];
    const customerId = customers[0]?.id ?? conversation.customerId;
    const fresh = buildConversation({ id: `new-co-${n}`, channelAccountId: 'mail', customerId });
    await write({ customers, conversations: [fresh], messages: [message(fresh.id)] }, { at });
  } else if (choice === 1) {
    const { rows: logged } = await sql<{
      scopes: string[];
    }>`select scopes from change_log where collection = 'conversation' and id = ${conversation.id}`.execute(
      database.db,
    );
    await write(
      { conversations: [{ ...conversation, status: 'open' }], messages: [message(conversation.id)] },
      { scopes: logged[0]?.scopes ?? null, at },
    );
  } else if (choice === 2) {
    await write({ conversations: [{ ...conversation, status: 'resolved' }] }, { scopes: null, at });
  } else if (choice === 3) {
    await write({ conversations: [{ ...conversation, tags: [`t${n}`] }] }, { scopes: null, at });
  } else if (choice === 4) {
    const found = await sql<{
      doc: ReturnType<typeof buildMessage>;
    }>`select doc from messages order by md5(id || ${String(n)}) limit 1`.execute(database.db);
    await write({ messages: found.rows.map(({ doc }) => ({ ...doc, text: `edit ${n}` })) }, { scopes: null, at });
  } else {
    const found = await sql<{
      doc: ReturnType<typeof buildOrder>;
    }>`select doc from orders where not deleted order by md5(id || ${String(n)}) limit 1`.execute(database.db);
    const change = choice === 5 ? { deleted: true } : { externalUpdatedAt: at };
    await write({ orders: found.rows.map(({ doc }) => ({ ...doc, ...change })) }, { scopes: null, at });
  }
}

describe('digest', () => {
  const readIt = (checkpoint: string, scopes: Scopes = ADMIN): Promise<Digest> =>
    readDigest(
      database.db,
      DESK,
      { agentId: 'mei', scopes, accessVersion: 1 },
      { checkpoint, accessVersion: null },
      now,
    );

  async function pullAll(
    scopes: Scopes,
  ): Promise<{ checkpoint: string; held: Map<string, { seq: number; createdSeq: number }> }> {
    const held = new Map<string, { seq: number; createdSeq: number }>();
    for (let checkpoint: string | null = null; ; ) {
      const page: ChangesPage = await readChanges(checkpoint, scopes);
      for (const change of page.changes) if (change.doc) held.set(`${change.collection}:${change.id}`, change);
      checkpoint = page.checkpoint;
      if (page.upToDate) return { checkpoint, held };
    }
  }

  function digestHeld(held: ReadonlyMap<string, { seq: number; createdSeq: number }>, range: Digest['ranges'][number]) {
    const inside = [...held].filter(
      ([key, { createdSeq }]) =>
        key.startsWith(`${range.collection}:`) && createdSeq >= range.from && createdSeq < range.to,
    );
    return {
      count: inside.length,
      hash: digestOf(inside.map(([key, { seq }]) => ({ id: key.slice(key.indexOf(':') + 1), seq }))),
    };
  }

  test.each([[ADMIN], [EVERYBODY]])(
    '[R6] what was pulled to the head has the same digest; one document less has another (%o)',
    async (scopes) => {
      await seedDesk(21, 60);
      await sql`select setval('change_seq', nextval('change_seq') + ${3 * DIGEST_RANGE}::bigint)`.execute(database.db);
      await write({ customers: [buildCustomer({ id: 'far' })] });
      const { checkpoint, held } = await pullAll(scopes);
      const { ranges } = await readIt(checkpoint, scopes);
      expect(ranges.reduce((sum, range) => sum + range.count, 0)).toBe(held.size);
      for (const range of ranges) expect(digestHeld(held, range)).toEqual({ count: range.count, hash: range.hash });
      expect(ranges.some((range) => range.moved)).toBe(false);
      const [key = ''] = [...held.keys()].filter((one) => one.startsWith('message:'));
      held.delete(key);
      expect(
        ranges.filter((range) => digestHeld(held, range).hash !== range.hash).map((range) => range.collection),
      ).toEqual(['message']);
    },
  );

  test('a range in which something was written, deleted or lost after the checkpoint is moved', async () => {
    const conversation = buildConversation({ id: 'co', channelAccountId: 'mail' });
    const messages = [buildMessage({ id: 'm', conversationId: 'co', channelAccountId: 'mail' })];
    await write({
      customers: [buildCustomer({ id: 'c1' })],
      conversations: [conversation],
      messages,
      orders: [buildOrder({ id: 'o', storeId: 's' })],
    });
    const { checkpoint } = await readChanges(null);
    const moved = async (scopes: Scopes = ADMIN) =>
      (await readIt(checkpoint, scopes)).ranges
        .filter((range) => range.moved)
        .map((range) => range.collection)
        .sort();
    expect(await moved()).toEqual([]);
    await write({ orders: [buildOrder({ id: 'o', storeId: 's', deleted: true })] });
    expect(await moved()).toEqual(['order']);
    // A conversation that left the reader's sight takes its messages along, whose rows do not move.
    await sql`update change_log set scopes = '{team:vip}' where id in ('co', 'm')`.execute(database.db);
    await sql`insert into change_log (collection, id, scope_left, seq, created_seq, scopes, removed, at)
      select collection, id, 'desk', nextval('change_seq'), created_seq, '{desk}', true, ${now}::bigint from change_log where id = 'co'`.execute(
      database.db,
    );
    expect(await moved(EVERYBODY)).toEqual(['conversation', 'message', 'order']);
  });

  test('a checkpoint of another history is refused', async () => {
    await seedDesk(22, 5);
    const real = decodeCheckpoint((await readChanges(null)).checkpoint);
    if (!real) throw new Error('a page without a checkpoint');
    await expect(readIt(encodeCheckpoint({ ...real, mark: 'other' }))).rejects.toMatchObject({ kind: 'resync' });
  });
});
