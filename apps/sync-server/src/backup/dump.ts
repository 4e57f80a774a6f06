import { addAbortSignal } from 'node:stream';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type ArchiveHeader, FORMAT } from './archive-format.ts';
import type { ArchiveWriter } from './archive-writer.ts';
import { quoteName } from './quote-name.ts';
import { orderByReference, type Reference } from './table-order.ts';

const FILES_PER_FETCH = 1_000;
/**
 * Not archived: the schema's own history is made by migrations, and the marks of commits tell one history from another,
 * which a restored desk begins anew (docs/protocol.md, P5).
 */
const NOT_ARCHIVED = ['schema_version', 'commit_marks'];

export interface DumpOptions {
  nowMs: number;
  /** Path of a stored file by its hash. */
  pathOfFile: (sha256: string) => string;
  /** Told before each table, and while files are copied. */
  onStep: (what: string) => void;
  signal: AbortSignal;
}

/**
 * Writes everything the database holds into the archive, as of one instant, while others go on writing.
 *
 * @param client - a connection of its own, without a time limit for statements.
 * @throws Error in one sentence when the database holds no desk.
 */
export async function dumpDatabase(
  client: pg.Client,
  writer: ArchiveWriter,
  options: DumpOptions,
): Promise<ArchiveHeader> {
  const tables = await listTables(client);
  if (!tables.some(({ name }) => name === 'desk')) throw new Error(NO_DESK);
  await client.query('begin isolation level repeatable read read only');
  // Before the snapshot is taken: a migration that is under way is over then, and another waits until we are done.
  await client.query(`lock table ${tables.map(({ name }) => quoteName(name)).join(', ')} in access share mode`);
  const header = await readHeader(client, options.nowMs);
  await writer.writeHeader(header);
  for (const { name, columns } of header.tables) {
    options.signal.throwIfAborted();
    options.onStep(name);
    const list = columns.map(quoteName).join(', ');
    const rows = client.query(copyTo(`copy (select ${list} from ${quoteName(name)}) to stdout`));
    await writer.writeTable(name, addAbortSignal(options.signal, rows));
  }
  options.onStep('files');
  await dumpFiles(client, writer, options);
  await client.query('commit');
  return header;
}

const NO_DESK =
  'There is no desk in this database: start Tradewind on it once, or name another with --data DIR or DATABASE_URL.';

async function readHeader(client: pg.Client, nowMs: number): Promise<ArchiveHeader> {
  const { rows } = await client.query<{ id: string; mode: 'demo' | 'desk'; key_fingerprint: string; version: number }>(
    'select id, mode, key_fingerprint, (select max(version) from schema_version) as version from desk',
  );
  const [desk] = rows;
  if (!desk) throw new Error(NO_DESK);
  return {
    format: FORMAT,
    product: 'tradewind',
    createdAt: nowMs,
    schemaVersion: desk.version,
    deskId: desk.id,
    mode: desk.mode,
    keyFingerprint: desk.key_fingerprint,
    tables: orderByReference(await listTables(client), await listReferences(client)),
    sequences: await readSequences(client),
  };
}

async function listTables(client: pg.Client): Promise<ArchiveHeader['tables']> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> all($1)
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname order by c.relname`,
    [NOT_ARCHIVED],
  );
  return rows;
}

async function listReferences(client: pg.Client): Promise<Reference[]> {
  const { rows } = await client.query<Reference>(
    `select source.relname as "from", target.relname as "to"
     from pg_constraint k join pg_class source on source.oid = k.conrelid join pg_class target on target.oid = k.confrelid
     where k.contype = 'f' and source.relnamespace = current_schema()::regnamespace`,
  );
  return rows;
}

/** Sequences stand outside transactions: read after the snapshot was taken, they are at or beyond every row in it. */
async function readSequences(client: pg.Client): Promise<ArchiveHeader['sequences']> {
  const { rows: names } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind = 'S' order by relname`,
  );
  const sequences = [];
  for (const { name } of names) {
    const { rows } = await client.query<{ last: string | number; called: boolean }>(
      `select last_value as last, is_called as called from ${quoteName(name)}`,
    );
    const [row] = rows;
    if (row) sequences.push({ name, lastValue: Number(row.last), isCalled: row.called });
  }
  return sequences;
}

async function dumpFiles(client: pg.Client, writer: ArchiveWriter, options: DumpOptions): Promise<void> {
  await client.query(
    `declare file_names no scroll cursor for
     select sha256 from files union select body_sha256 from inbound_events where body_sha256 is not null order by 1`,
  );
  for (;;) {
    const { rows } = await client.query<{ sha256: string }>(`fetch ${FILES_PER_FETCH} from file_names`);
    if (rows.length === 0) return;
    for (const { sha256 } of rows) {
      options.signal.throwIfAborted();
      await writer.writeFile(sha256, options.pathOfFile(sha256));
    }
  }
}
