import type { MessageStatus } from '@tradewind/shared/schemas/message';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildConversation, buildMessage, seedDocuments } from '../../test/documents.ts';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import { writeMessages, writeSettledEffects } from '../db/documents.ts';
import { runWrites } from '../db/writes.ts';
import type { FileStore } from '../files/file-store.ts';
import { ChangeBus } from '../replication/change-log.ts';
import { fetchAttachment, giveUpAttachment } from './fetch-attachment.ts';
import { type ClaimedEffect, claimEffects, expireLeases, settleEffect } from './ledger.ts';

const LEASE_MS = 1_000;
let database: TestDatabase;
let now = 1_800_000_000_000;
let messages = 0;
let messageId = '';
beforeAll(async () => {
  database = await createTestDatabase();
  await insertAccount(database.db, { id: 'mail', family: 'channel', kind: 'json' });
});
afterAll(() => database.close());

beforeEach(async () => {
  await database.db.deleteFrom('effects').execute();
  messageId = `message-${messages++}`;
  const conversation = buildConversation({ id: `of-${messageId}`, channelAccountId: 'mail' });
  const message = buildOwn('queued');
  await seedDocuments(database.db, { scopes: ['desk'], conversations: [conversation], messages: [message] });
});

function buildOwn(status: MessageStatus) {
  const ids = { id: messageId, conversationId: `of-${messageId}`, channelAccountId: 'mail' };
  return buildMessage({ ...ids, direction: 'out', status, externalId: `<${messageId}@x>` });
}

async function queue(key: string): Promise<void> {
  await database.db
    .insertInto('effects')
    .values({
      ...{ key, kind: 'send-message', account_id: 'mail', message_id: messageId, conversation_id: `of-${messageId}` },
      ...{ state: 'queued', next_at: now, node: null, lease_until: null, external_id: null, answer: null },
      ...{ created_at: now, updated_at: now },
    })
    .execute();
}

async function claim(): Promise<ClaimedEffect[]> {
  return (await claimEffects(database.db, 'node', now, LEASE_MS, 16, [])).claimed;
}

async function claimOne(): Promise<ClaimedEffect> {
  const [effect] = await claim();
  if (!effect) throw new Error('nothing to claim');
  return effect;
}

/** What a delivery report does to message and ledger. */
async function report(status: MessageStatus): Promise<void> {
  const message = buildOwn(status);
  await database.db.transaction().execute(async (tx) => {
    await runWrites(tx, [writeMessages([message]), writeSettledEffects([message], now)]);
  });
}

async function stateOf(key: string): Promise<string> {
  return (await database.db.selectFrom('effects').select('state').where('key', '=', key).executeTakeFirstOrThrow())
    .state;
}

async function statusOf(): Promise<string> {
  return (
    await database.db.selectFrom('messages').select('status').where('id', '=', messageId).executeTakeFirstOrThrow()
  ).status;
}

const failure = { kind: 'unavailable', text: 'later' };

test('[R11] an outcome written twice, because the first answer was lost, does not set back the attempt after it', async () => {
  await queue('send:a');
  const first = await claimOne();
  const again = { state: 'queued', nextAt: now, failure } as const;
  await settleEffect(database.db, first, again, {}, now);
  const second = await claimOne();
  await settleEffect(database.db, first, again, {}, now);
  expect(await claim()).toEqual([]); // else it would leave a third time while the second is on its way
  await settleEffect(database.db, second, { state: 'done' }, {}, now);
  expect([await stateOf('send:a'), await statusOf()]).toEqual(['done', 'sent']);
});

test('[R11] a lapsed attempt is unknown and not repeated; its late answer still counts', async () => {
  await queue('send:a');
  const effect = await claimOne();
  now += LEASE_MS + 1;
  await expireLeases(database.db, now, []);
  expect([await stateOf('send:a'), await statusOf(), await claim()]).toEqual(['unknown', 'unknown', []]);
  await settleEffect(database.db, effect, { state: 'done' }, {}, now);
  expect([await stateOf('send:a'), await statusOf()]).toEqual(['done', 'sent']);
});

test('a lapsed attempt starts over where the platform drops a second message', async () => {
  await queue('send:a');
  await claimOne();
  now += LEASE_MS + 1;
  await expireLeases(database.db, now, ['mail']);
  expect([await stateOf('send:a'), await statusOf()]).toEqual(['queued', 'queued']);
  expect(await claim()).toMatchObject([{ key: 'send:a', attempts: 2 }]);
});

test('[R11] a report that the message arrived calls off what the agent wanted sent again', async () => {
  await queue('send:again');
  await report('delivered');
  expect(await claim()).toEqual([]);
});

test('a late failure of an earlier attempt neither stops the next one nor hides its outcome', async () => {
  await queue('send:again');
  await report('failed');
  const effect = await claimOne();
  expect(await statusOf()).toBe('sending');
  await settleEffect(database.db, effect, { state: 'done' }, {}, now);
  expect(await statusOf()).toBe('sent');
});

test('a message that somebody holds is left for the next look, and nobody waits for it', async () => {
  await queue('send:a');
  await database.db.transaction().execute(async (tx) => {
    await tx.selectFrom('messages').select('id').where('id', '=', messageId).forUpdate().execute();
    expect(await claim()).toEqual([]);
  });
  expect(await claim()).toHaveLength(1);
});

test('a file that cannot be fetched is a failure, never an exception; given up, the message says why', async () => {
  const file = { id: 'file-1', name: 'a.pdf', contentType: 'application/pdf', sizeBytes: 1, sha256: null };
  await database.db
    .insertInto('attachments')
    .values({
      ...{ id: file.id, sha256: null, name: file.name, content_type: file.contentType, size_bytes: 1 },
      ...{ conversation_id: null, uploaded_by: null, source_url: 'https://files.example/1', created_at: now },
    })
    .execute();
  const message = { ...buildOwn('sent'), attachments: [file] };
  await database.db.transaction().execute((tx) => runWrites(tx, [writeMessages([message])]));
  const effect: ClaimedEffect = {
    ...{ key: 'fetch:file-1', kind: 'fetch-attachment', account_id: 'mail', message_id: messageId, attempts: 1 },
    external_id: file.id,
  };
  const deps = {
    db: database.db,
    accounts: { find: async () => undefined } as unknown as AccountDirectory,
    files: {} as FileStore,
    bus: new ChangeBus(),
    now: () => now,
  };
  const failed = { status: 'failed', retryable: true };
  expect(await fetchAttachment(deps, effect, AbortSignal.timeout(1_000))).toMatchObject(failed);
  const broken = await createTestDatabase();
  await broken.close();
  expect(await fetchAttachment({ ...deps, db: broken.db }, effect, AbortSignal.timeout(1_000))).toMatchObject(failed);
  await giveUpAttachment(deps, effect, 'The stored file is gone.');
  const { doc } = await database.db
    .selectFrom('messages')
    .select('doc')
    .where('id', '=', messageId)
    .executeTakeFirstOrThrow();
  expect(doc.attachments).toEqual([{ ...file, problem: 'The stored file is gone.' }]);
});
