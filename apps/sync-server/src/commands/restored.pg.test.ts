import { createUuidV7 } from '@tradewind/shared/ids';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectJsonAccount, insertAccount } from '../../test/accounts.ts';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { buildConversation, buildMessage, seedDocuments } from '../../test/documents.ts';
import type { AccountDirectory } from '../accounts/account-directory.ts';
import type { AuthAgent } from '../auth/scopes.ts';
import { claimEffects } from '../jobs/ledger.ts';
import { createMetrics } from '../observability/metrics.ts';
import { ChangeBus } from '../replication/change-log.ts';
import type { CommandDeps } from './deps.ts';
import { runCommand } from './run-command.ts';

const DAY = 86_400_000;
const now = 1_800_000_000_000;
const restoredHeadAt = now - 40 * DAY;
const restoredAt = now - DAY;
const seenAt = restoredHeadAt + DAY;
const mei: AuthAgent = { id: 'mei', email: '', name: 'Mei', role: 'agent', teamIds: [], accessVersion: 1 };
const outsider: AuthAgent = { ...mei, id: 'out' };

let database: TestDatabase;
let deps: CommandDeps;
let wakes = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await insertAccount(db, { id: 'mail', family: 'channel', kind: 'json', address: 'support@shop.example' });
  await insertAccount(db, {
    id: 'vip',
    family: 'channel',
    kind: 'json',
    address: 'vip@shop.example',
    teamIds: ['vip'],
  });
  await db
    .insertInto('agents')
    .values(
      [mei, outsider].map(({ id }) => ({
        id,
        email: id,
        name: id,
        password_hash: '',
        role: 'agent' as const,
        created_at: 1,
      })),
    )
    .execute();
  await db
    .insertInto('desk')
    .values({
      id: 'd',
      mode: 'desk',
      name: '',
      key_fingerprint: '',
      setup_code: null,
      public_url: null,
      created_at: 1,
      restored_at: null,
      restored_head_seq: null,
      restored_head_at: null,
    })
    .execute();
  await seedDocuments(db, {
    scopes: ['desk'],
    conversations: [
      buildConversation({ id: 'co', channelAccountId: 'mail', participants: ['li@example.com'], status: 'pending' }),
    ],
    messages: [
      buildMessage({
        id: 'taken',
        conversationId: 'co',
        channelAccountId: 'mail',
        externalId: '<taken@x>',
        from: { name: 'Li', address: 'li@example.com' },
      }),
    ],
  });
  await seedDocuments(db, {
    scopes: ['team:vip'],
    conversations: [buildConversation({ id: 'hidden', channelAccountId: 'vip' })],
  });
  const account = connectJsonAccount({ id: 'mail' });
  deps = {
    db,
    accounts: { get: () => account, find: async () => account } as unknown as AccountDirectory,
    bus: new ChangeBus(),
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    now: () => now,
    createId: () => createUuidV7(),
    wakeOutbound: () => wakes++,
  };
});
afterAll(() => database.close());
beforeEach(async () => {
  wakes = 0;
  await setRestored(restoredAt);
});

async function setRestored(at: number | null): Promise<void> {
  const head = at === null ? null : restoredHeadAt;
  await database.db
    .updateTable('desk')
    .set({ restored_at: at, restored_head_at: head, restored_head_seq: at && 1 })
    .execute();
}

const build = (fields: object) => ({
  ...{ id: createUuidV7(), at: seenAt, conversationId: 'co', type: 'reply', text: 'On its way', seenMessageId: null },
  ...fields,
});
const sent = { status: 'sent' as const, externalId: '<seen@provider>' };

async function readMessage(id: string) {
  return (await database.db.selectFrom('messages').select('doc').where('id', '=', id).executeTakeFirst())?.doc;
}
const readEffects = (id: string) =>
  database.db.selectFrom('effects').select(['state', 'external_id']).where('message_id', '=', id).execute();

async function expectNothingSent(): Promise<void> {
  expect(wakes).toBe(0);
  expect((await claimEffects(database.db, 'node', now + DAY, 1_000, 100, [])).claimed).toEqual([]);
}

test('[R8] [R11] a reply the console saw sent is there again as it was, and nothing is sent', async () => {
  const reply = build({ restored: sent });
  const result = await runCommand(deps, mei, reply);
  expect(result).toMatchObject({ status: 'applied', messageId: reply.id });
  expect(await readMessage(reply.id)).toMatchObject({
    ...{ status: 'sent', externalId: '<seen@provider>', text: 'On its way', sentAt: seenAt, authorId: 'mei' },
  });
  expect(await readEffects(reply.id)).toEqual([{ state: 'done', external_id: '<seen@provider>' }]);
  const { doc } = await database.db
    .selectFrom('conversations')
    .select('doc')
    .where('id', '=', 'co')
    .executeTakeFirstOrThrow();
  expect(doc.status).toBe('open');
  await expectNothingSent();
  expect(await runCommand(deps, mei, reply)).toEqual(result);
  // The very command, without what was seen of it: known, so it is not sent either.
  expect(await runCommand(deps, mei, { ...reply, restored: undefined })).toEqual(result);
  await expectNothingSent();
  const audit = await database.db.selectFrom('audit').select('after').where('action', '=', 'command.reply').execute();
  expect(audit).toEqual([{ after: expect.objectContaining({ commandId: reply.id, restored: 'sent' }) }]);
});

test('[R11] a reply the console did not see sent has an unknown outcome, which its author settles', async () => {
  const reply = build({ restored: { status: 'applied' } });
  await runCommand(deps, mei, reply);
  const message = await readMessage(reply.id);
  expect(message).toMatchObject({ status: 'unknown', failure: { kind: 'unknown-outcome' } });
  expect(message?.externalId).toBeTruthy(); // late reports are matched by it
  expect(await readEffects(reply.id)).toEqual([{ state: 'unknown', external_id: message?.externalId }]);
  await expectNothingSent();
  const settled = await runCommand(
    deps,
    mei,
    build({ type: 'settle-message', messageId: reply.id, choice: 'mark-sent', at: now }),
  );
  expect(settled.status).toBe('applied');
  expect(await readEffects(reply.id)).toMatchObject([{ state: 'done' }]);
});

test('what sends nothing is applied as ever', async () => {
  const tag = build({ type: 'tag', add: ['vip'], remove: [], restored: { status: 'applied' } });
  expect(await runCommand(deps, mei, tag)).toMatchObject({ status: 'applied' });
  const note = build({ type: 'note', text: 'Called them', restored: { status: 'applied' } });
  expect(await runCommand(deps, mei, note)).toMatchObject({ status: 'applied' });
  expect(await readEffects(note.id)).toEqual([]);
});

test.each([
  ['without a restore on record', {}, 'restored', async () => setRestored(null)],
  ['made before the state restored to', { at: restoredHeadAt }, 'at', null],
  ['made after the restore', { at: restoredAt + 1 }, 'at', null],
  ['that does not say when', { at: undefined }, 'at', null],
  [
    'with another message’s external id',
    { restored: { ...sent, externalId: '<taken@x>' } },
    'restored.externalId',
    null,
  ],
] as const)('[R15] a command told again %s is refused, with the reason', async (_what, fields, path, prepare) => {
  await prepare?.();
  const reply = build({ restored: sent, ...fields });
  const reason = { kind: 'invalid', errors: [expect.objectContaining({ path })] };
  expect(await runCommand(deps, mei, reply)).toMatchObject({ status: 'rejected', reason });
  expect(await readMessage(reply.id)).toBeUndefined();
  expect(await readEffects(reply.id)).toEqual([]);
  await expectNothingSent();
});

test('[R15] nobody else tells it again under its id, nor about what he may not see', async () => {
  const reply = build({ restored: { ...sent, externalId: '<other@provider>' } });
  await runCommand(deps, mei, reply);
  expect(await runCommand(deps, outsider, reply)).toMatchObject({ status: 'rejected', reason: { kind: 'id-reused' } });
  const hidden = build({ conversationId: 'hidden', restored: { status: 'sent' } });
  expect(await runCommand(deps, mei, hidden)).toMatchObject({ status: 'rejected', reason: { kind: 'not-found' } });
});

test('[R10] a queued reply that names a message the backup does not have is checked as of the backup', async () => {
  const lost = { seenMessageId: 'written-after-the-backup' };
  expect(await runCommand(deps, mei, build({ ...lost, at: restoredAt - 1 }))).toMatchObject({ status: 'held' });
  const refused = { status: 'rejected', reason: { kind: 'invalid', errors: [{ path: 'seenMessageId' }] } };
  expect(await runCommand(deps, mei, build({ ...lost, at: restoredAt + 1 }))).toMatchObject(refused);
  await setRestored(null);
  expect(await runCommand(deps, mei, build({ ...lost, at: restoredAt - 1 }))).toMatchObject(refused);
});
