import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type ChangesPage, decodeCheckpoint, encodeCheckpoint } from '@tradewind/shared/protocol/sync';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { KEY, makeBackup, makeFolder, makeRestore, NOW, seedDesk } from '../../test/backed-up-desk.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { readTableDigests } from '../../test/table-digests.ts';
import { keyFingerprint } from '../accounts/secret-box.ts';
import { readHistory } from '../chat/history.ts';
import type { Db } from '../db/database.ts';
import { latestVersion, migrate } from '../db/migrate.ts';
import { readChangesPage } from '../replication/changes-page.ts';
import { toTarHeader } from './tar.ts';

let source: TestDatabase;
let folder: string;
let archive: string;
let removeFolder: () => Promise<void>;
/** An empty database and a new folder for each test. */
let target: TestDatabase;
let dataDir: string;

beforeAll(async () => {
  source = await createTestDatabase();
  ({ path: folder, remove: removeFolder } = await makeFolder());
  await mkdir(join(folder, 'desk'));
  await seedDesk(source.db, join(folder, 'desk'));
  archive = join(folder, 'one.tar.gz');
  await makeBackup({ databaseUrl: source.connectionString, dataDir: join(folder, 'desk'), out: archive });
});
afterAll(async () => {
  await source.close();
  await removeFolder();
});
beforeEach(async () => {
  target = await createEmptyDatabase();
  const made = await makeFolder();
  dataDir = join(made.path, 'restored');
  onTestFinished(async () => {
    await target.close();
    await made.remove();
  });
});

const restoreHere = (given: object = {}) =>
  makeRestore({ archive, folder: dataDir, databaseUrl: target.connectionString, ...given });

async function readAllChanges(db: Db, checkpoint: string | null): Promise<ChangesPage> {
  const desk = await db.selectFrom('desk').select('id').executeTakeFirstOrThrow();
  const reader = { agentId: 'a', scopes: ['all'], accessVersion: 1 };
  return JSON.parse(await readChangesPage(db, desk.id, reader, { checkpoint, limit: 5_000, accessVersion: null }, NOW));
}

/** Neither a table nor a file: as if nothing had been tried. */
async function expectNothingDone(): Promise<void> {
  const { rows } = await target.pool.query(`select 1 from pg_class where relnamespace = 'public'::regnamespace`);
  expect(rows).toEqual([]);
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
}

test('every table comes back as it was but for what a restore must change, and every file', async () => {
  const result = await restoreHere();
  expect(result).toMatchObject({ unknownMessages: 3, endedSessions: 1, header: { mode: 'desk', createdAt: NOW } });
  const before = await readTableDigests(source.connectionString);
  const after = await readTableDigests(target.connectionString);
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  expect(changed.toSorted()).toEqual(
    [
      'audit',
      'change_log',
      'commit_marks',
      'desk',
      'effects',
      'invites',
      'messages',
      'password_resets',
      'schema_version',
      'sessions',
    ].toSorted(),
  );
  const names = await readdir(join(folder, 'desk', 'files'));
  expect(names).toHaveLength(2);
  expect(await readdir(join(dataDir, 'files'))).toEqual(names);
  for (const name of names) {
    expect(await readFile(join(dataDir, 'files', name))).toEqual(await readFile(join(folder, 'desk', 'files', name)));
  }
  expect(JSON.parse(await readFile(join(dataDir, 'tradewind.json'), 'utf8'))).toMatchObject({ mode: 'desk' });
});

test('the archive is readable by its owner alone, and holds neither the key nor anything left over beside it', async () => {
  expect((await stat(archive)).mode & 0o777).toBe(0o600);
  expect(gunzipSync(await readFile(archive)).includes(KEY)).toBe(false);
  expect((await readdir(folder)).toSorted()).toEqual(['desk', 'one.tar.gz']);
});

test('[R11] what was waiting or leaving at the backup is unknown and leaves no more; what was sent stays sent', async () => {
  await restoreHere();
  const effects = await target.db.selectFrom('effects').select(['key', 'state', 'node', 'lease_until']).execute();
  const nobody = { node: null, lease_until: null };
  expect(effects.toSorted((left, right) => left.key.localeCompare(right.key))).toEqual([
    { key: 'fetch:a-file', state: 'queued', ...nobody },
    { key: 'send:later', state: 'unknown', ...nobody },
    { key: 'send:leaving', state: 'unknown', ...nobody },
    { key: 'send:sent', state: 'done', ...nobody },
    { key: 'send:waiting', state: 'unknown', ...nobody },
  ]);
  const messages = await target.db
    .selectFrom('messages')
    .select(['id', 'status', 'doc'])
    .where('direction', '=', 'out')
    .execute();
  for (const { id, status, doc } of messages) {
    expect([id, status]).toEqual([id, id === 'sent' ? 'sent' : 'unknown']);
    expect(doc.status).toBe(status);
    if (id !== 'sent')
      expect(doc.failure).toMatchObject({ kind: 'unknown-outcome', text: expect.stringContaining('2027-01-15') });
  }
});

test('[R6] every checkpoint of before asks for a resync, and a console that starts over gets everything', async () => {
  const old = await readAllChanges(source.db, null);
  await restoreHere();
  const seq = decodeCheckpoint(old.checkpoint)?.seq ?? 0;
  const { id: deskId } = await source.db.selectFrom('desk').select('id').executeTakeFirstOrThrow();
  const ofLostHistory = [seq, seq + 1, seq + 1_000, seq + 100_000_000].map((lost) =>
    encodeCheckpoint({ deskId, seq: lost, mark: 'lost-history' }),
  );
  for (const checkpoint of [old.checkpoint, ...ofLostHistory]) {
    await expect(readAllChanges(target.db, checkpoint)).rejects.toMatchObject({
      // Where the desk went back to: the documents were written at 1 (test/documents.ts).
      ...{ kind: 'resync', data: { restoredAt: 1, restoredSeq: seq } },
    });
  }
  await expect(readAllChanges(source.db, ofLostHistory[0] ?? '')).rejects.toMatchObject({ kind: 'resync', data: {} });
  const page = await readAllChanges(target.db, null);
  const listed = ({ changes }: ChangesPage) => changes.map(({ collection, id }) => `${collection}:${id}`).toSorted();
  expect(listed(page)).toEqual(listed(old));
  expect(page.changes.find(({ id }) => id === 'waiting')).toMatchObject({ doc: { status: 'unknown' } });
  // What changes from now on has positions that nothing had before the restore.
  expect(Math.min(...page.changes.filter(({ id }) => id === 'waiting').map((change) => change.seq))).toBeGreaterThan(
    seq + 100_000_000,
  );
  expect(await readAllChanges(target.db, page.checkpoint)).toMatchObject({ changes: [], upToDate: true });
});

test("a visitor's cursor of the lost history is answered by a smaller one, others by what came after them", async () => {
  const seq = decodeCheckpoint((await readAllChanges(source.db, null)).checkpoint)?.seq ?? 0;
  await restoreHere();
  const ask = async (after: number) => {
    const deps = { db: target.db, fileUrl: () => '', asksRating: () => false };
    return (await readHistory(deps, { accountId: 'mail', visitorId: 'a' }, { after, before: null })).cursor;
  };
  expect(await ask(seq + 1)).toBe(seq);
  expect(await ask(seq + 100_000_000)).toBe(seq);
  expect(await ask(seq)).toBeGreaterThan(seq + 100_000_000);
});

test('nobody is let in by what may have been withdrawn since, and the audit log tells of the restore', async () => {
  await restoreHere();
  expect(await target.db.selectFrom('sessions').selectAll().execute()).toEqual([]);
  expect(await target.db.selectFrom('password_resets').selectAll().execute()).toEqual([]);
  const invites = await target.db.selectFrom('invites').select(['id', 'revoked_at']).orderBy('id').execute();
  expect(invites).toEqual([
    { id: 'open', revoked_at: NOW + 3_600_000 },
    { id: 'used', revoked_at: null },
  ]);
  const last = await target.db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
  expect(last).toMatchObject({
    actor: 'server',
    action: 'desk.restore',
    after: { backedUpAt: NOW, unknownMessages: 3 },
  });
});

test('new rows get numbers after the restored ones', async () => {
  await restoreHere();
  const { rows } = await target.pool.query(
    `insert into inbound_events (account_id, topic, path_suffix, headers, received_at) values ('mail', '', '', '{}', 1)
     returning id, (select max(id) from inbound_events) as newest`,
  );
  expect(rows[0].id).toBeGreaterThan(rows[0].newest);
  expect(
    (await target.db.selectFrom('inbound_events').select('body').orderBy('id').limit(1).executeTakeFirstOrThrow()).body,
  ).toEqual(Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)));
});

test('a backup of what was restored holds the same again', async () => {
  await restoreHere();
  const out = join(dataDir, '..', 'two.tar.gz');
  const { trailer } = await makeBackup({ databaseUrl: target.connectionString, dataDir, out });
  expect(trailer.files.count).toBe(2);
  expect(trailer.missingFiles).toEqual([]);
  expect(trailer.tables.find(({ name }) => name === 'messages')?.rows).toBe(5);
});

test('without the key, with another one, or into a place that is not empty: refused, and nothing is written', async () => {
  await expect(restoreHere({ secretKey: null })).rejects.toThrow(
    /^The desk's secret key is needed.* put secret\.key into /,
  );
  const other = Buffer.alloc(32, 1).toString('base64');
  await expect(restoreHere({ secretKey: other })).rejects.toThrow(
    /^TRADEWIND_SECRET_KEY is not the secret key this desk/,
  );
  await expectNothingDone();

  await mkdir(dataDir);
  await writeFile(join(dataDir, 'thesis.txt'), 'mine');
  await expect(restoreHere()).rejects.toThrow(/is not empty \(thesis\.txt\): choose a new one with --data DIR/);
  expect(await readdir(dataDir)).toEqual(['thesis.txt']);

  await migrate(target.pool);
  const elsewhere = join(dataDir, '..', 'elsewhere');
  await expect(restoreHere({ folder: elsewhere, chooseFolder: async () => elsewhere })).rejects.toThrow(
    /^The database is not empty \(it has a table \w+\): restore into an empty one, nothing was changed\.$/,
  );
  await expect(stat(elsewhere)).rejects.toThrow('ENOENT');
  expect(await target.db.selectFrom('desk').selectAll().execute()).toEqual([]);
});

test('the key may lie in the new folder, where it stays', async () => {
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'secret.key'), KEY, { mode: 0o600 });
  await restoreHere({ secretKey: null });
  expect(await readFile(join(dataDir, 'secret.key'), 'utf8')).toBe(KEY);
});

test('an archive cut off anywhere, damaged anywhere, or without one of its parts is refused, and nothing is written', async () => {
  const whole = await readFile(archive);
  const damaged = join(dataDir, '..', 'damaged.tar.gz');
  const expectRefused = async (bytes: Buffer, reason = /./) => {
    await writeFile(damaged, bytes);
    await expect(restoreHere({ archive: damaged })).rejects.toThrow(
      /^The archive .* cannot be used, and nothing was changed: /,
    );
    await expect(restoreHere({ archive: damaged })).rejects.toThrow(reason);
    await expectNothingDone();
  };
  for (const share of [0, 0.1, 0.5, 0.9, 0.999])
    await expectRefused(whole.subarray(0, Math.floor(whole.length * share)), /too early/);
  await expectRefused(whole.subarray(0, whole.length - 1), /too early/);
  for (let at = 100; at < whole.length; at += Math.floor(whole.length / 12)) {
    const copy = Buffer.from(whole);
    copy.writeUInt8((copy[at] ?? 0) ^ 0x10, at);
    await expectRefused(copy);
  }
  // Whole as a compressed file, and yet not what was written.
  const tar = gunzipSync(whole);
  const at = tar.indexOf('Zo\u00eb');
  const changed = Buffer.from(tar);
  changed.write('Zoo ', at);
  await expectRefused(gzipSync(changed), /the table customers has other content/);
  const order = tar.indexOf('tables/orders/');
  const length = 512 + Math.ceil(Number.parseInt(tar.toString('latin1', order + 124, order + 135), 8) / 512) * 512;
  await expectRefused(
    gzipSync(Buffer.concat([tar.subarray(0, order), tar.subarray(order + length)])),
    /the table orders/,
  );
  const file = tar.indexOf('files/', tar.indexOf('tables/effects'));
  const foreign = Buffer.concat([toTarHeader('../../etc/passwd', 0, NOW), tar.subarray(file)]);
  await expectRefused(gzipSync(Buffer.concat([tar.subarray(0, file), foreign])), /something unknown/);
  await expectRefused(gzipSync(Buffer.from('not a tar at all')), /too early/);
  await expectRefused(Buffer.from('not compressed at all'), /compression is damaged/);
});

test('an archive that is not there, or newer, is one sentence', async () => {
  await expect(restoreHere({ archive: join(folder, 'none') })).rejects.toThrow(
    /^There is no archive .*none: look at its name\.$/,
  );
  await target.close();
  target = await createTestDatabase();
  await mkdir(join(dataDir, '..', 'newer'));
  await seedDesk(target.db, join(dataDir, '..', 'newer'));
  const version = await latestVersion();
  await target.pool.query(`insert into schema_version (version, name) values (${version + 1}, 'tomorrow')`);
  const newer = join(dataDir, '..', 'newer.tar.gz');
  await makeBackup({ databaseUrl: target.connectionString, dataDir: join(dataDir, '..', 'newer'), out: newer });
  await expect(restoreHere({ archive: newer })).rejects.toThrow(
    `The archive has schema version ${version + 1}, this Tradewind knows ${version}: restore it with the newer Tradewind.`,
  );
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
});

test('an archive of the first schema version is brought to this one', async () => {
  const first = await createEmptyDatabase();
  onTestFinished(() => first.close());
  const client = new pg.Client({ connectionString: first.connectionString });
  await client.connect();
  await client.query(
    'create table schema_version (version integer primary key, name text not null, at timestamptz default now())',
  );
  await client.query(await readFile(new URL('../db/migrations/0001-initial.sql', import.meta.url), 'utf8'));
  await client.query(`insert into schema_version (version, name) values (1, '0001-initial.sql')`);
  await client.query(
    `insert into desk (id, mode, name, key_fingerprint, created_at) values ('old', 'desk', 'Old desk', $1, 1)`,
    [keyFingerprint(Buffer.from(KEY, 'base64'))],
  );
  await client.query(
    `insert into agents (id, email, name, password_hash, role, created_at) values ('a', 'a@x', 'A', '', 'admin', 1)`,
  );
  await client.end();
  const old = join(dataDir, '..', 'old.tar.gz');
  await makeBackup({ databaseUrl: first.connectionString, dataDir: folder, out: old });

  const result = await restoreHere({ archive: old });
  expect(result.header.schemaVersion).toBe(1);
  expect(await migrate(target.pool)).toEqual([]);
  expect(await target.db.selectFrom('desk').select(['name', 'time_zone']).executeTakeFirst()).toEqual({
    name: 'Old desk',
    time_zone: 'UTC',
  });
  expect(await target.db.selectFrom('agents').select(['id', 'totp_secret']).execute()).toEqual([
    { id: 'a', totp_secret: null },
  ]);
});

test('interrupted or failing, a backup leaves no file and a restore nothing at all', async () => {
  const stop = new AbortController();
  const databaseUrl = source.connectionString;
  const place = join(dataDir, '..', 'place');
  await mkdir(place);
  const backup = makeBackup({
    databaseUrl,
    dataDir: folder,
    out: place,
    signal: stop.signal,
    onStep: (what) => what === 'messages' && stop.abort(),
  });
  await expect(backup).rejects.toThrow();
  expect(await readdir(place)).toEqual([]);

  const stopRestore = new AbortController();
  const onStep = (what: string) => what === 'files' && stopRestore.abort();
  await expect(restoreHere({ signal: stopRestore.signal, onStep })).rejects.toThrow();
  await expectNothingDone();
  await expect(
    restoreHere({
      onStep: (what: string) => {
        if (what === 'finishing') throw new Error('a fault');
      },
    }),
  ).rejects.toThrow('a fault');
  await expectNothingDone();
  await restoreHere(); // and afterwards it works
});

test('what a killed restore left is replaced by the next one', async () => {
  await mkdir(join(dataDir, 'postgres'), { recursive: true });
  await writeFile(join(dataDir, 'restore-unfinished'), '');
  await restoreHere();
  expect((await readdir(dataDir)).toSorted()).toEqual(['files', 'tradewind.json']);
});

test('a backup never replaces a file, names itself in a folder, and tells of files that are not there', async () => {
  const databaseUrl = source.connectionString;
  await expect(makeBackup({ databaseUrl, dataDir: folder, out: archive })).rejects.toThrow(
    /^There is a file .*one\.tar\.gz already: /,
  );
  const nowhere = join(folder, 'none', 'x.tar.gz');
  await expect(makeBackup({ databaseUrl, dataDir: folder, out: nowhere })).rejects.toThrow(
    /^There is no folder .*none to write x\.tar\.gz into/,
  );

  await mkdir(join(dataDir, '..', 'place'));
  await cp(join(folder, 'desk'), join(dataDir, '..', 'desk'), { recursive: true });
  const [lost = ''] = await readdir(join(folder, 'desk', 'files'));
  await rm(join(dataDir, '..', 'desk', 'files', lost));
  const result = await makeBackup({
    databaseUrl,
    dataDir: join(dataDir, '..', 'desk'),
    out: join(dataDir, '..', 'place'),
  });
  expect(await readdir(join(dataDir, '..', 'place'))).toEqual(['tradewind-20270115T080000Z.tar.gz']);
  expect(result.trailer).toMatchObject({ missingFiles: [lost], files: { count: 1 } });
  await restoreHere({ archive: result.path });
});

test('a database without a desk is no desk', async () => {
  const out = join(dataDir, '..', 'x.tar.gz');
  await expect(makeBackup({ databaseUrl: target.connectionString, dataDir: folder, out })).rejects.toThrow(
    /^There is no desk in this database/,
  );
  await expect(stat(out)).rejects.toThrow('ENOENT');
});
