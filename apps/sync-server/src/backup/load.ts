import { once } from 'node:events';
import { addAbortSignal } from 'node:stream';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { applyMigrations, latestVersion, lockSchema, readSchemaVersion } from '../db/migrate.ts';
import type { ArchiveHeader, ArchiveTrailer } from './archive-format.ts';
import type { ArchiveHandlers } from './archive-reader.ts';
import { quoteName } from './quote-name.ts';

const OLDEST_POSTGRES = 15;

/**
 * Begins the one transaction of a restore, in which nobody sees anything until it is committed.
 *
 * @throws Error in one sentence when the database is too old or not empty.
 */
export async function beginLoad(client: pg.Client): Promise<void> {
  const { rows: server } = await client.query<{ version: string }>(
    `select current_setting('server_version_num') as version`,
  );
  const major = Math.floor(Number(server[0]?.version) / 10_000);
  if (major < OLDEST_POSTGRES) {
    throw new Error(`This PostgreSQL is version ${major}: Tradewind needs ${OLDEST_POSTGRES} or newer.`);
  }
  await client.query('begin');
  // What triggers would add comes with the archive.
  await client.query("set local tradewind.loading = 'on'");
  await lockSchema(client);
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') order by 1 limit 1`,
  );
  if (rows[0]) {
    throw new Error(
      `The database is not empty (it has a table ${rows[0].name}): restore into an empty one, nothing was changed.`,
    );
  }
}

/**
 * Takes the tables of an archive into the transaction: the schema of the archive's own version first, then the rows.
 *
 * @returns handlers for `readArchive`, and `finish`, which checks the counts and brings the schema up to date.
 */
export function createLoader(
  client: pg.Client,
  onTable: (table: string) => void,
  signal: AbortSignal,
): Required<Pick<ArchiveHandlers, 'header' | 'tablePart'>> & {
  finish(header: ArchiveHeader, trailer: ArchiveTrailer): Promise<void>;
} {
  const columns = new Map<string, readonly string[]>();
  const rowCounts = new Map<string, number>();
  let current: { table: string; stream: ReturnType<typeof copyFrom> } | null = null;

  const endTable = async () => {
    if (current === null) return;
    const { table, stream } = current;
    current = null;
    const finished = once(stream, 'finish');
    stream.end();
    await finished;
    rowCounts.set(table, stream.rowCount);
  };
  return {
    header: async ({ schemaVersion, tables }) => {
      await readSchemaVersion(client); // makes its table
      await applyMigrations(client, 0, schemaVersion);
      // What migrations put into a new desk is in the archive already.
      await client.query(`truncate ${tables.map(({ name }) => quoteName(name)).join(', ')}`);
      for (const table of tables) columns.set(table.name, table.columns);
    },
    tablePart: async (table, content) => {
      if (current?.table !== table) {
        await endTable();
        onTable(table);
        const list = (columns.get(table) ?? []).map(quoteName).join(', ');
        const stream = client.query(copyFrom(`copy ${quoteName(table)} (${list}) from stdin`));
        stream.on('error', () => undefined); // told to whoever writes or waits
        current = { table, stream: addAbortSignal(signal, stream) };
      }
      const { stream } = current;
      if (stream.errored) throw stream.errored;
      await new Promise<void>((resolve, reject) => {
        stream.write(content, (error) => (error ? reject(error) : resolve()));
      });
    },
    finish: async (header, trailer) => {
      await endTable();
      for (const { name, rows } of trailer.tables) {
        const loaded = rowCounts.get(name) ?? 0;
        if (loaded !== rows)
          throw new Error(`The table ${name} has ${loaded} rows instead of ${rows}: nothing was changed.`);
      }
      for (const { name, lastValue, isCalled } of header.sequences) {
        await client.query('select setval($1::regclass, $2, $3)', [quoteName(name), lastValue, isCalled]);
      }
      await applyMigrations(client, header.schemaVersion, await latestVersion());
    },
  };
}
