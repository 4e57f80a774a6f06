import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFingerprint } from '../src/accounts/secret-box.ts';
import { prepareDesk } from '../src/auth/bootstrap.ts';
import { type BackupResult, backUp } from '../src/backup/back-up.ts';
import { type RestoreOptions, type RestoreResult, restore } from '../src/backup/restore.ts';
import type { Db } from '../src/db/database.ts';
import { FileStore } from '../src/files/file-store.ts';
import { insertAccount } from './accounts.ts';
import { buildConversation, buildCustomer, buildMessage, buildOrder, seedDocuments } from './documents.ts';

export const NOW = 1_800_000_000_000;
/** 32 bytes in base64, as `secret.key` and TRADEWIND_SECRET_KEY hold them. */
export const KEY = createHash('sha256').update('the key of the test desk').digest('base64');
const LARGE_BODY = randomBytes(300_000);
const LARGE_BODY_HASH = createHash('sha256').update(LARGE_BODY).digest('hex');

/** A folder for one test, which PostgreSQL's user may pass. */
export async function makeFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'tradewind-backup-')));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Gives a database something in every table that matters to a restore, and the folder its files and its key. */
export async function seedDesk(db: Db, dataDir: string): Promise<void> {
  await prepareDesk(db, {
    mode: 'desk',
    keyFingerprint: keyFingerprint(Buffer.from(KEY, 'base64')),
    admin: { email: 'admin@shop.example', password: 'a long enough password' },
    now: () => NOW,
  });
  await writeFile(join(dataDir, 'secret.key'), `${KEY}\n`, { mode: 0o600 });
  await insertAccount(db, { id: 'mail', family: 'channel', kind: 'mailgun' });
  await insertAccount(db, { id: 'shop', family: 'store', kind: 'shopify' });
  const message = (id: string, given: object) =>
    buildMessage({ id, conversationId: 'v1', channelAccountId: 'mail', ...given });
  await seedDocuments(db, {
    scopes: ['desk'],
    customers: [buildCustomer({ id: 'c1', name: 'Zoë\t"李雷"\n\\N' })],
    conversations: [buildConversation({ id: 'v1', channelAccountId: 'mail', subject: 'tab\tand \\ backslash' })],
    messages: [
      message('m-in', { text: 'مرحبا 😟\r\nsecond line' }),
      ...['waiting', 'leaving', 'later'].map((id) =>
        message(id, { direction: 'out', status: id === 'leaving' ? 'sending' : 'queued', externalId: `<${id}@x>` }),
      ),
      message('sent', { direction: 'out', status: 'sent', externalId: '<sent@x>' }),
    ],
    orders: [buildOrder({ id: 'o1', storeId: 'shop' })],
  });
  await seedEffects(db);
  await seedEvents(db, dataDir);
  await seedAccess(db);
}

async function seedEffects(db: Db): Promise<void> {
  const effect = (message_id: string, state: 'queued' | 'attempting' | 'done', given = {}) => ({
    key: `send:${message_id}`,
    kind: 'send-message' as const,
    account_id: 'mail',
    message_id,
    conversation_id: 'v1',
    state,
    next_at: NOW,
    node: state === 'attempting' ? 'a-node' : null,
    lease_until: state === 'attempting' ? NOW + 30_000 : null,
    external_id: `<${message_id}@x>`,
    answer: null,
    created_at: NOW,
    updated_at: NOW,
    ...given,
  });
  await db
    .insertInto('effects')
    .values([
      effect('waiting', 'queued'),
      effect('leaving', 'attempting'),
      effect('later', 'queued', { next_at: NOW + 86_400_000 }),
      effect('sent', 'done'),
      effect('a-file', 'attempting', { key: 'fetch:a-file', kind: 'fetch-attachment' }),
    ])
    .execute();
}

async function seedEvents(db: Db, dataDir: string): Promise<void> {
  const files = await FileStore.open(dataDir);
  await files.storeFile(LARGE_BODY); // a raw event's body: it has no row in `files`
  const invoice = await files.storeFile(Buffer.from('invoice'));
  await db
    .insertInto('files')
    .values({ sha256: invoice.sha256, size_bytes: invoice.sizeBytes, created_at: NOW })
    .execute();
  const event = { account_id: 'mail', topic: 't', dedupe_key: null, path_suffix: '', headers: '{"x":"é"}' };
  await db
    .insertInto('inbound_events')
    .values([
      {
        ...event,
        body: Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
        body_sha256: null,
        received_at: NOW,
      },
      { ...event, body: null, body_sha256: LARGE_BODY_HASH, received_at: NOW },
    ])
    .execute();
}

async function seedAccess(db: Db): Promise<void> {
  const { id: agent_id } = await db.selectFrom('agents').select('id').executeTakeFirstOrThrow();
  const times = { created_at: NOW, expires_at: NOW + 1_000_000 };
  const session = { id: 's1', agent_id, token_hash: Buffer.from('s'), user_agent: '', address: '', last_seen_at: NOW };
  await db
    .insertInto('sessions')
    .values({ ...session, ...times })
    .execute();
  await db
    .insertInto('password_resets')
    .values({ token_hash: Buffer.from('r'), agent_id, ...times })
    .execute();
  const invite = { role: 'agent' as const, created_by: agent_id, revoked_at: null, ...times };
  await db
    .insertInto('invites')
    .values([
      { ...invite, id: 'open', token_hash: Buffer.from('1'), email: 'a@x.example', accepted_at: null },
      { ...invite, id: 'used', token_hash: Buffer.from('2'), email: 'b@x.example', accepted_at: NOW },
    ])
    .execute();
}

const signal = new AbortController().signal;

export function makeBackup(given: {
  databaseUrl: string;
  dataDir: string;
  out: string;
  signal?: AbortSignal;
  onStep?: (what: string) => void;
}): Promise<BackupResult> {
  return backUp({ now: () => NOW, onStep: () => undefined, signal, ...given });
}

/** Restores into a database that is there; `folder` is the new data folder. */
export function makeRestore(
  given: Pick<RestoreOptions, 'archive'> & Partial<RestoreOptions> & { databaseUrl: string; folder: string },
): Promise<RestoreResult> {
  return restore({
    chooseFolder: async () => given.folder,
    secretKey: KEY,
    openDatabase: async () => ({ connectionString: given.databaseUrl, close: async () => undefined }),
    now: () => NOW + 3_600_000,
    onStep: () => undefined,
    signal,
    ...given,
  });
}
