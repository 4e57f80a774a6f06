import { createUuidV7 } from '@tradewind/shared/ids';
import type { Order } from '@tradewind/shared/schemas/order';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectJsonAccount, insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { InboundEvent, IncomingOrder } from '../connector.ts';
import type { FileStore } from '../files/file-store.ts';
import { Inbox } from '../ingest/inbox.ts';
import { LANES_PER_ACCOUNT, laneOf } from '../ingest/lane.ts';
import { createMetrics } from '../observability/metrics.ts';
import { ChangeBus } from '../replication/change-log.ts';
import { ProcessingEngine } from './engine.ts';

const ALL_LANES = Array.from({ length: LANES_PER_ACCOUNT }, (_, lane) => lane);
let database: TestDatabase;
let engine: ProcessingEngine;
let inbox: Inbox;
let clock = 1_800_000_000_000;
const mail = connectJsonAccount({ id: 'mail', laneNo: 1 });
const shop = connectJsonAccount({ id: 'shop', family: 'store', kind: 'json-shop', laneNo: 2 });

beforeAll(async () => {
  database = await createTestDatabase();
  for (const account of [mail, shop]) await insertAccount(database.db, account);
  inbox = new Inbox(database.pool, () => undefined);
  engine = new ProcessingEngine({
    db: database.db,
    accounts: { get: () => undefined } as unknown as AccountDirectory,
    files: {
      storeFile: () => Promise.reject(new Error('no files here')),
      readFile: () => Promise.reject(Object.assign(new Error('no such file'), { code: 'ENOENT' })),
    } as unknown as FileStore,
    bus: new ChangeBus(),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now: () => clock,
    createId: () => createUuidV7(),
    askForOrder: () => undefined,
  });
});
afterAll(() => database.close());

let tokens = 0;
async function receive(
  account: typeof mail,
  events: InboundEvent[] | string,
  options: { laneKey?: string; dedupeKey?: string; bodySha256?: string } = {},
): Promise<void> {
  await inbox.store({
    accountId: account.id,
    topic: 'test',
    dedupeKey: options.dedupeKey ?? null,
    lane: laneOf(options.laneKey ?? String(tokens++)),
    pathSuffix: '',
    headers: {},
    body: options.bodySha256 ? null : Buffer.from(typeof events === 'string' ? events : JSON.stringify(events)),
    bodySha256: options.bodySha256 ?? null,
    receivedAt: clock,
    oneTimeToken: null,
  });
}

async function process(account: typeof mail): Promise<void> {
  while ((await engine.processBatch(account, ALL_LANES)).more);
}

function buildMail(given: {
  id: string;
  from: string;
  name?: string;
  references?: string[];
  subject?: string;
  text?: string;
  cc?: string[];
}): InboundEvent {
  const address = { name: given.name ?? '', address: given.from };
  return {
    type: 'message',
    medium: 'mail',
    externalId: given.id,
    sender: { kind: 'email', value: given.from, name: given.name ?? '' },
    from: address,
    to: [{ name: '', address: 'support@shop.example' }],
    cc: (given.cc ?? []).map((one) => ({ name: '', address: one })),
    replyTo: [],
    subject: given.subject ?? 'Where is my parcel',
    text: given.text ?? 'Hello',
    html: null,
    attachments: [],
    references: given.references ?? [],
    sentAt: clock,
  };
}

function buildOrder(given: {
  id: string;
  updatedAt: number;
  note?: string;
  email?: string | null;
  refunds?: IncomingOrder['refunds'];
}): InboundEvent {
  const order: IncomingOrder = {
    externalId: given.id,
    number: `#${given.id}`,
    status: 'processing',
    financialStatus: 'paid',
    fulfilmentStatus: null,
    cancelledAt: null,
    cancelReason: null,
    currency: 'JPY',
    totalMinor: 3300,
    currentTotalMinor: 3300,
    subtotalMinor: 3300,
    taxMinor: 0,
    discountMinor: 0,
    refundedMinor: 0,
    refunds: given.refunds ?? [],
    lines: [],
    fulfilments: [],
    email: given.email ?? null,
    phone: null,
    shippingAddress: null,
    note: given.note ?? '',
    tags: [],
    placedAt: 1,
    externalUpdatedAt: given.updatedAt,
    test: false,
    customer: { externalId: null, name: '', email: given.email ?? null, phone: null },
  };
  return { type: 'order', order };
}

const refund = { externalId: 'r1', amountMinor: 1100, currency: 'JPY', note: '', createdAt: 5, lines: [] };

async function messageOf(externalId: string) {
  const row = await database.db
    .selectFrom('messages')
    .select('doc')
    .where('external_id', '=', externalId)
    .executeTakeFirstOrThrow();
  return row.doc;
}

async function conversationOf(externalId: string) {
  const { conversationId } = await messageOf(externalId);
  const row = await database.db
    .selectFrom('conversations')
    .select('doc')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow();
  return row.doc;
}

async function orderOf(externalId: string): Promise<Order | undefined> {
  const row = await database.db
    .selectFrom('orders')
    .select('doc')
    .where('external_id', '=', externalId)
    .executeTakeFirst();
  return row?.doc;
}

test('[R2] the same mail fifty times is one message in one conversation', async () => {
  await Promise.all(
    Array.from({ length: 50 }, () => receive(mail, [buildMail({ id: '<fifty@x>', from: 'li@example.com' })])),
  );
  await process(mail);
  const rows = await database.db.selectFrom('messages').select('id').where('external_id', '=', '<fifty@x>').execute();
  expect(rows).toHaveLength(1);
  const states = await database.db
    .selectFrom('inbound_states')
    .select('state')
    .where('account_id', '=', 'mail')
    .execute();
  expect(states.filter((row) => row.state === 'duplicate')).toHaveLength(49);
});

test('[R2] two batches at once that meet the same new person make one customer', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `<same-${index}@x>`);
  await Promise.all(
    ids.map((id, index) => receive(mail, [buildMail({ id, from: 'new@example.com' })], { laneKey: `lane-${index}` })),
  );
  const half = LANES_PER_ACCOUNT / 2;
  await Promise.all([
    engine.processBatch(mail, ALL_LANES.slice(0, half)),
    engine.processBatch(mail, ALL_LANES.slice(half)),
  ]);
  await process(mail);
  const owners = await database.db
    .selectFrom('identities')
    .select('customer_id')
    .where('value', '=', 'new@example.com')
    .execute();
  expect(owners).toHaveLength(1);
  expect(await Promise.all(ids.map(messageOf))).toHaveLength(40);
});

test('an answer joins its thread; a customer who writes on a resolved conversation gets it back', async () => {
  await receive(mail, [buildMail({ id: '<a1@x>', from: 'an@example.com', name: 'An' })]);
  await process(mail);
  const first = await conversationOf('<a1@x>');
  expect(first).toMatchObject({
    status: 'pending',
    waitingSince: clock,
    participants: ['an@example.com'],
    preview: 'Hello',
  });
  await database.db
    .updateTable('conversations')
    .set({
      doc: JSON.stringify({
        ...first,
        status: 'resolved',
        resolvedAt: clock,
        assigneeId: 'agent-1',
        waitingSince: null,
      }),
    })
    .where('id', '=', first.id)
    .execute();
  await receive(mail, [buildMail({ id: '<a2@x>', from: 'an@example.com', references: ['<a1@x>'] })]);
  await process(mail);
  expect(await conversationOf('<a2@x>')).toMatchObject({
    id: first.id,
    status: 'open',
    assigneeId: 'agent-1',
    waitingSince: clock,
  });
});

test('a mail that comes before the one it answers still ends in the same conversation', async () => {
  await receive(mail, [buildMail({ id: '<late2@x>', from: 'bo@example.com', references: ['<late1@x>'] })]);
  await process(mail);
  await receive(mail, [buildMail({ id: '<late1@x>', from: 'bo@example.com' })]);
  await process(mail);
  expect((await messageOf('<late1@x>')).conversationId).toBe((await messageOf('<late2@x>')).conversationId);
});

test('after the reopening time a new conversation follows the resolved one', async () => {
  await receive(mail, [buildMail({ id: '<old@x>', from: 'cy@example.com' })]);
  await process(mail);
  const old = await conversationOf('<old@x>');
  await database.db
    .updateTable('conversations')
    .set({ doc: JSON.stringify({ ...old, status: 'resolved', resolvedAt: clock }) })
    .where('id', '=', old.id)
    .execute();
  clock += 31 * 86_400_000;
  await receive(mail, [buildMail({ id: '<again@x>', from: 'cy@example.com', references: ['<old@x>'] })]);
  await process(mail);
  expect(await conversationOf('<again@x>')).toMatchObject({ previousId: old.id, status: 'pending' });
});

test('[R14] a stranger who quotes a thread gets a conversation of their own; someone in Cc joins', async () => {
  await receive(mail, [buildMail({ id: '<t1@x>', from: 'di@example.com', cc: ['friend@example.com'] })]);
  await process(mail);
  await receive(mail, [buildMail({ id: '<t2@x>', from: 'mallory@evil.example', references: ['<t1@x>'] })]);
  await receive(mail, [buildMail({ id: '<t3@x>', from: 'friend@example.com', references: ['<t1@x>'] })]);
  await process(mail);
  const thread = (await messageOf('<t1@x>')).conversationId;
  expect((await messageOf('<t2@x>')).conversationId).not.toBe(thread);
  expect((await messageOf('<t3@x>')).conversationId).toBe(thread);
});

test('[R4] an event that cannot be read or applied becomes a dead letter, and its lane goes on', async () => {
  await receive(mail, 'not json', { laneKey: 'poison' });
  // A subject that is no text reaches the domain and breaks there.
  await receive(mail, JSON.stringify([{ ...buildMail({ id: '<broken@x>', from: 'ed@example.com' }), sender: null }]), {
    laneKey: 'poison',
  });
  await receive(mail, [buildMail({ id: '<after-poison@x>', from: 'ed@example.com' })], { laneKey: 'poison' });
  await process(mail);
  expect((await messageOf('<after-poison@x>')).status).toBe('received');
  const dead = await database.db.selectFrom('inbound_states').select('reason').where('state', '=', 'dead').execute();
  expect(dead).toHaveLength(2);
  for (const row of dead) expect(row.reason).toMatch(/./);
});

test('text the database refuses is stored readably', async () => {
  await receive(mail, [buildMail({ id: '<nul@x>', from: 'fa@example.com', text: 'a\u0000b \ud83d! 你好 😀 שלום' })]);
  await process(mail);
  expect((await messageOf('<nul@x>')).text).toBe('ab \ufffd! 你好 😀 שלום');
});

test('[R12] an older order body changes nothing, an equal one is not a change', async () => {
  await receive(shop, [buildOrder({ id: '7', updatedAt: 200, note: 'new' })], { laneKey: '7' });
  await receive(shop, [buildOrder({ id: '7', updatedAt: 100, note: 'old' })], { laneKey: '7' });
  await process(shop);
  expect(await orderOf('7')).toMatchObject({ note: 'new', version: 1, customerId: null });
  await receive(shop, [buildOrder({ id: '7', updatedAt: 200, note: 'new' })], { laneKey: '7' });
  await process(shop);
  expect((await orderOf('7'))?.version).toBe(1);
});

test('[R2] a refund told by itself, before its order and again inside it, is counted once', async () => {
  await receive(shop, [{ type: 'refund', orderExternalId: '8', refund, updatedAt: 5 }], { laneKey: '8' });
  await process(shop);
  expect(await orderOf('8')).toBeUndefined();
  await receive(shop, [buildOrder({ id: '8', updatedAt: 300, refunds: [refund] })], { laneKey: '8' });
  await receive(shop, [{ type: 'refund', orderExternalId: '8', refund, updatedAt: 5 }], { laneKey: '8' });
  await process(shop);
  expect(await orderOf('8')).toMatchObject({ refundedMinor: 1100, version: 1 });
});

test('a deletion told before its order still deletes it, and the change log says so', async () => {
  await receive(shop, [{ type: 'order-deleted', externalId: '9', at: 400 }], { laneKey: '9' });
  await receive(shop, [buildOrder({ id: '9', updatedAt: 300 })], { laneKey: '9' });
  await process(shop);
  const order = await orderOf('9');
  expect(order?.deleted).toBe(true);
  const row = await database.db
    .selectFrom('change_log')
    .select('deleted')
    .where('id', '=', order?.id ?? '')
    .executeTakeFirstOrThrow();
  expect(row.deleted).toBe(true);
});

test('a mail address in an order is the same customer as in a mail', async () => {
  await receive(mail, [buildMail({ id: '<gu@x>', from: 'gu@example.com' })]);
  await process(mail);
  await receive(shop, [buildOrder({ id: '10', updatedAt: 1, email: 'gu@example.com' })], { laneKey: '10' });
  await process(shop);
  expect((await orderOf('10'))?.customerId).toBe((await messageOf('<gu@x>')).authorId);
});

test('an event with a key that was carried out is a duplicate', async () => {
  await receive(shop, [buildOrder({ id: '11', updatedAt: 1 })], { laneKey: '11', dedupeKey: 'k1' });
  await receive(shop, [buildOrder({ id: '11', updatedAt: 2, note: 'ignored' })], { laneKey: '11', dedupeKey: 'k1' });
  await process(shop);
  expect((await orderOf('11'))?.note).toBe('');
});

test('[R4] an event whose stored body is gone becomes a dead letter; one that speaks of a connection too', async () => {
  await receive(mail, [], { laneKey: 'gone', bodySha256: '0'.repeat(64) });
  // What a parser says may sound like a lost database.
  await receive(mail, '{"connection timeout', { laneKey: 'gone' });
  await receive(mail, [buildMail({ id: '<after-gone@x>', from: 'ha@example.com' })], { laneKey: 'gone' });
  await process(mail);
  expect((await messageOf('<after-gone@x>')).status).toBe('received');
});

test('a deadlock that keeps coming back is waited out, whatever its number: no event is given up for it', async () => {
  await sql`
    create function fail_messages() returns trigger language plpgsql as
      $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`.execute(database.db);
  await sql`create trigger fail before insert on messages for each row execute function fail_messages()`.execute(
    database.db,
  );
  await receive(mail, [buildMail({ id: '<patient@x>', from: 'io@example.com' })]);
  await expect(engine.processBatch(mail, ALL_LANES)).rejects.toThrow('deadlock');
  await sql`drop trigger fail on messages`.execute(database.db);
  await process(mail);
  expect((await messageOf('<patient@x>')).status).toBe('received');
});
