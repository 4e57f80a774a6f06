import { createUuidV7 } from '@tradewind/shared/ids';
import type { CommandResult } from '@tradewind/shared/protocol/commands';
import type { Conversation } from '@tradewind/shared/schemas/conversation';
import type { Message } from '@tradewind/shared/schemas/message';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectJsonAccount, insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import { type AuthAgent, scopesOf } from '../auth/scopes.ts';
import { writeConversations, writeMessages } from '../db/documents.ts';
import { findAttachment } from '../db/queries/attachments.ts';
import { runWrites } from '../db/writes.ts';
import { createConversation } from '../domain/conversation-life.ts';
import { createMetrics } from '../observability/metrics.ts';
import { appendChanges, ChangeBus } from '../replication/change-log.ts';
import type { CommandDeps } from './deps.ts';
import { runCommand } from './run-command.ts';

let database: TestDatabase;
let deps: CommandDeps;
let conversation: Conversation;
const now = 1_800_000_000_000;
const mei: AuthAgent = { id: 'mei', email: 'mei@x.example', name: 'Mei', role: 'agent', teamIds: [], accessVersion: 1 };
const sam: AuthAgent = { ...mei, id: 'sam', email: 'sam@x.example' };
const outsider: AuthAgent = { ...mei, id: 'out', email: 'out@x.example' };

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await insertAccount(db, { id: 'mail', family: 'channel', kind: 'json', address: 'support@shop.example' });
  await insertAccount(db, {
    id: 'closed',
    family: 'channel',
    kind: 'json',
    address: 'vip@shop.example',
    teamIds: ['vip'],
  });
  for (const agent of [mei, sam, outsider]) {
    await db
      .insertInto('agents')
      .values({
        id: agent.id,
        email: agent.email,
        name: agent.name,
        password_hash: '',
        role: agent.role,
        created_at: now,
      })
      .execute();
  }
  const accounts = [connectJsonAccount({ id: 'mail' }), connectJsonAccount({ id: 'closed', teamIds: ['vip'] })];
  deps = {
    db,
    accounts: {
      get: (id: string) => accounts.find((one) => one.id === id),
      find: async (id: string) => accounts.find((one) => one.id === id),
    } as unknown as AccountDirectory,
    bus: new ChangeBus(),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now: () => now,
    createId: () => createUuidV7(),
    wakeOutbound: () => undefined,
  };
});
afterAll(() => database.close());

beforeEach(async () => {
  conversation = await seedConversation('mail');
});

async function seedConversation(channelAccountId: string): Promise<Conversation> {
  const id = createUuidV7();
  const doc: Conversation = {
    ...createConversation({
      id,
      customerId: 'c1',
      channelAccountId,
      channelKind: 'json',
      subject: 'Parcel',
      createdAt: now - 1000,
      previousId: null,
    }),
    participants: ['li@example.com'],
    waitingSince: now - 1000,
  };
  const inbound = {
    id: createUuidV7(),
    conversationId: id,
    channelAccountId,
    direction: 'in',
    kind: 'text',
    status: 'received',
    externalId: `<${id}@customer>`,
    from: { name: 'Li', address: 'li@example.com' },
    replyToAddresses: [],
    references: ['<older@customer>'],
    sentAt: now - 1000,
  } as unknown as Message;
  await database.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('customers')
      .values({ id: 'c1', updated_at: now, doc: '{"id":"c1"}' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await runWrites(tx, [writeConversations([doc], now), writeMessages([inbound])]);
    await appendChanges(
      tx,
      [
        { collection: 'conversation', id, scopes: ['desk'] },
        { collection: 'message', id: inbound.id, scopes: ['desk'] },
      ],
      now,
    );
  });
  return doc;
}

function build(fields: Record<string, unknown>): Record<string, unknown> & { id: string } {
  return { id: createUuidV7(), at: now, conversationId: conversation.id, ...fields };
}

async function readConversation(id = conversation.id): Promise<Conversation> {
  return (await database.db.selectFrom('conversations').select('doc').where('id', '=', id).executeTakeFirstOrThrow())
    .doc;
}

async function countRows(table: 'effects' | 'audit' | 'messages'): Promise<number> {
  const row = await database.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

test('[R8] a reply sent twenty times at once is one message, one effect, one audit row and one result', async () => {
  const before = {
    effects: await countRows('effects'),
    audit: await countRows('audit'),
    messages: await countRows('messages'),
  };
  const reply = build({ type: 'reply', text: 'On its way', seenMessageId: null });
  const results = await Promise.all(Array.from({ length: 20 }, () => runCommand(deps, mei, reply)));
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  expect(results[0]).toMatchObject({ id: reply.id, status: 'applied', messageId: reply.id });
  expect(await countRows('effects')).toBe(before.effects + 1);
  expect(await countRows('audit')).toBe(before.audit + 1);
  expect(await countRows('messages')).toBe(before.messages + 1);
});

test('a reply answers the customer: recipient, subject, references, status and waiting', async () => {
  const reply = build({ type: 'reply', text: 'On its way', seenMessageId: null });
  await runCommand(deps, mei, reply);
  const { doc } = await database.db
    .selectFrom('messages')
    .select('doc')
    .where('id', '=', reply.id)
    .executeTakeFirstOrThrow();
  expect(doc).toMatchObject({
    to: [{ name: 'Li', address: 'li@example.com' }],
    subject: 'Re: Parcel',
    references: ['<older@customer>', `<${conversation.id}@customer>`],
    status: 'queued',
    externalId: `<${reply.id}@shop.example>`,
    authorId: 'mei',
  });
  expect(await readConversation()).toMatchObject({ status: 'open', waitingSince: null, firstRepliedAt: now });
});

test('[R8] an id used again with other content, or by someone else, is refused and tells nothing', async () => {
  const note = build({ type: 'note', text: 'one' });
  await runCommand(deps, mei, note);
  const refused = { status: 'rejected', reason: { kind: 'id-reused' }, seq: null };
  expect(await runCommand(deps, mei, { ...note, text: 'two' })).toMatchObject(refused);
  expect(await runCommand(deps, sam, note)).toMatchObject(refused);
});

test('[R8] a command whose id is that of a message or conversation it did not make changes neither', async () => {
  const inbound = await database.db
    .selectFrom('messages')
    .select(['id', 'doc'])
    .where('conversation_id', '=', conversation.id)
    .executeTakeFirstOrThrow();
  const refused = { status: 'rejected', reason: { kind: 'id-reused' } };
  expect(await runCommand(deps, mei, build({ id: inbound.id, type: 'note', text: 'over it' }))).toMatchObject(refused);
  const start = { type: 'start-conversation', channelAccountId: 'mail', to: 'eve@example.com', text: 'mine now' };
  expect(await runCommand(deps, mei, build({ ...start, id: conversation.id }))).toMatchObject(refused);
  const after = await database.db.selectFrom('messages').select('doc').where('id', '=', inbound.id).executeTakeFirst();
  expect(after?.doc).toEqual(inbound.doc);
  expect(await readConversation()).toEqual(conversation);
});

test('a conversation cannot be begun through an account that is out of service', async () => {
  await insertAccount(database.db, { id: 'broken', family: 'channel', kind: 'gone', address: 'old@shop.example' });
  const start = build({ type: 'start-conversation', channelAccountId: 'broken', to: 'a@b.example', text: 'hi' });
  expect((await runCommand(deps, mei, start)).reason).toEqual({ kind: 'not-found', what: 'channel' });
});

test('[R15] an agent outside the team cannot touch its conversations, and cannot tell that they exist', async () => {
  const hidden = await seedConversation('closed');
  const result = await runCommand(
    deps,
    outsider,
    build({ type: 'reply', conversationId: hidden.id, text: 'hi', seenMessageId: null }),
  );
  expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'not-found', what: 'conversation' } });
  const missing = await runCommand(deps, outsider, build({ type: 'note', conversationId: 'no-such', text: 'hi' }));
  expect(missing.reason).toEqual(result.reason);
  const start = await runCommand(
    deps,
    outsider,
    build({ type: 'start-conversation', channelAccountId: 'closed', to: 'a@b.example', text: 'hi' }),
  );
  expect(start.reason).toEqual({ kind: 'not-found', what: 'channel' });
});

test('assign, tag and set-status change the conversation and are audited with before and after', async () => {
  await runCommand(deps, mei, build({ type: 'assign', agentId: 'sam' }));
  await runCommand(deps, mei, build({ type: 'tag', add: ['vip', '退款'], remove: [] }));
  await runCommand(deps, mei, build({ type: 'set-status', status: 'resolved' }));
  expect(await readConversation()).toMatchObject({
    assigneeId: 'sam',
    tags: ['vip', '退款'],
    status: 'resolved',
    resolvedAt: now,
  });
  const rows = await database.db
    .selectFrom('audit')
    .selectAll()
    .where('target', '=', `conversation:${conversation.id}`)
    .orderBy('id')
    .execute();
  expect(
    rows.map((row) => [
      row.action,
      (row.before as { status?: string })?.status,
      (row.after as { status?: string })?.status,
    ]),
  ).toEqual([
    ['command.assign', 'pending', 'open'],
    ['command.tag', 'open', 'open'],
    ['command.set-status', 'open', 'resolved'],
  ]);
});

test('[R15] an agent who does not exist cannot be given a conversation; one who is given it sees it by that', async () => {
  expect((await runCommand(deps, mei, build({ type: 'assign', agentId: 'nobody' }))).reason).toEqual({
    kind: 'not-found',
    what: 'agent',
  });
  conversation = await seedConversation('closed');
  const note = () => runCommand(deps, outsider, build({ type: 'note', text: 'mine?' }));
  expect((await note()).reason).toEqual({ kind: 'not-found', what: 'conversation' });
  const admin: AuthAgent = { ...mei, role: 'admin' };
  const assign = (agentId: string | null) => runCommand(deps, admin, build({ type: 'assign', agentId }));
  expect((await assign('out')).status).toBe('applied');
  expect((await note()).status).toBe('applied');
  expect((await assign(null)).status).toBe('applied');
  expect((await note()).reason).toEqual({ kind: 'not-found', what: 'conversation' });
});

test('[R15] whom a note mentions sees the conversation, and goes on seeing it', async () => {
  conversation = await seedConversation('closed');
  const admin: AuthAgent = { ...mei, role: 'admin' };
  await runCommand(deps, admin, build({ type: 'note', text: '@out what do you say?', mentions: ['out'] }));
  await runCommand(deps, admin, build({ type: 'note', text: 'again', mentions: ['out'] }));
  expect((await readConversation()).mentionedIds).toEqual(['out']);
  expect((await runCommand(deps, outsider, build({ type: 'note', text: 'Yes.' }))).status).toBe('applied');
});

test('a new conversation finds its customer by address and queues the mail', async () => {
  const start = build({
    type: 'start-conversation',
    channelAccountId: 'mail',
    to: 'Zoe@Example.com',
    subject: 'Recall',
    text: 'Please return it',
  });
  const again = build({
    type: 'start-conversation',
    channelAccountId: 'mail',
    to: [{ address: 'zoe@example.com', name: 'Zoe' }],
    text: 'Second',
  });
  expect(await runCommand(deps, mei, start)).toMatchObject({
    status: 'applied',
    conversationId: start.id,
    messageId: start.id,
  });
  await runCommand(deps, mei, again);
  const first = await readConversation(start.id);
  expect(first).toMatchObject({
    status: 'open',
    assigneeId: 'mei',
    participants: ['zoe@example.com'],
    subject: 'Recall',
  });
  expect((await readConversation(again.id)).customerId).toBe(first.customerId);
});

test('[R15] a file is its uploader’s alone until a reply takes it, then everybody’s who sees the conversation', async () => {
  const id = createUuidV7();
  const upload = { id, sha256: null, name: 'a.txt', content_type: 'text/plain', size_bytes: 1, uploaded_by: 'mei' };
  await database.db
    .insertInto('attachments')
    .values({ ...upload, created_at: now })
    .execute();
  const send = (agent: AuthAgent, to = conversation.id) =>
    runCommand(deps, agent, build({ type: 'reply', text: 'see file', attachmentIds: [id], conversationId: to }));
  const find = () => findAttachment(database.db, scopesOf(sam), sam.id, id);
  const refused = { status: 'rejected', reason: { kind: 'not-found', what: 'attachment' } };
  expect(await send(sam)).toMatchObject(refused);
  expect(await find()).toBeNull();
  expect(await send(mei)).toMatchObject({ status: 'applied' });
  expect(await find()).toMatchObject({ name: 'a.txt' });
  expect(await send(mei)).toMatchObject({ status: 'applied' });
  expect(await send(mei, (await seedConversation('mail')).id)).toMatchObject(refused);
});

test('what cannot be read is refused by field, without an exception', async () => {
  const cases: [unknown, CommandResult['reason']][] = [
    [null, { kind: 'invalid', errors: [expect.objectContaining({ path: 'id' })] } as never],
    [{ id: 'short' }, { kind: 'invalid', errors: [expect.objectContaining({ path: 'id' })] } as never],
    [build({ type: 'explode' }), { kind: 'unsupported', type: 'explode' }],
    [
      build({ type: 'reply', text: ' ' }),
      { kind: 'invalid', errors: [expect.objectContaining({ path: 'text' })] } as never,
    ],
    [
      build({ type: 'set-status', status: 'snoozed' }),
      { kind: 'invalid', errors: [expect.objectContaining({ path: 'snoozedUntil' })] } as never,
    ],
    [build({ type: 'reply', text: 'x', to: ['not an address'] }), expect.objectContaining({ kind: 'invalid' })],
    [build({ type: 'reply', text: 'x', attachmentIds: ['none'] }), { kind: 'not-found', what: 'attachment' }],
    [build({ type: 'retry-message', messageId: 'none' }), { kind: 'not-found', what: 'message' }],
    [build({ type: 'note', text: 'x', after: [createUuidV7()] }), expect.objectContaining({ kind: 'after-failed' })],
    [build({ type: 'note', conversationId: 'a\u0000b', text: 'x' }), { kind: 'not-found', what: 'conversation' }],
  ];
  for (const [input, reason] of cases) {
    expect(await runCommand(deps, mei, input)).toMatchObject({ status: 'rejected', reason });
  }
});

test('a command made more than thirty days ago is held', async () => {
  const old = build({ type: 'note', text: 'x', at: now - 31 * 86_400_000 });
  expect(await runCommand(deps, mei, old)).toMatchObject({ status: 'held', reason: { kind: 'too-old' } });
});
