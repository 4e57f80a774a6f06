import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

const FOLDER = new URL('./migrations/', import.meta.url);
// Two servers starting at once must not migrate twice. The key is ours alone in this database.
const MIGRATION_LOCK = 7200;

/** The schema version this code was written for: the number of the last migration file. */
export async function latestVersion(): Promise<number> {
  return (await migrationFiles()).at(-1)?.version ?? 0;
}

async function migrationFiles(): Promise<{ version: number; name: string }[]> {
  const names = (await readdir(FOLDER)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  return names.map((name) => ({ version: Number(name.slice(0, 4)), name }));
}

/** Takes the lock of migrations until the transaction ends: who starts a server on this database waits. */
export async function lockSchema(client: pg.ClientBase): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, 0)', [MIGRATION_LOCK]);
}

/** The version of the schema in this database; 0 where there is none. */
export async function readSchemaVersion(client: pg.ClientBase): Promise<number> {
  await client.query(
    'create table if not exists schema_version (version integer primary key, name text not null, at timestamptz not null default now())',
  );
  const { rows } = await client.query('select coalesce(max(version), 0) as version from schema_version');
  return Number(rows[0]?.version ?? 0);
}

/**
 * Applies the migrations above `from` up to `to`, in the caller's transaction.
 *
 * @returns the names of the migrations applied.
 */
export async function applyMigrations(client: pg.ClientBase, from: number, to: number): Promise<string[]> {
  const files = (await migrationFiles()).filter(({ version }) => version > from && version <= to);
  for (const { version, name } of files) {
    try {
      await client.query(await readFile(new URL(name, FOLDER), 'utf8'));
    } catch (error) {
      throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    await client.query('insert into schema_version (version, name) values ($1, $2)', [version, name]);
  }
  return files.map(({ name }) => name);
}

/**
 * Brings the schema to the newest version, each migration in its own transaction, under a lock.
 *
 * @returns the names of the migrations applied now.
 * @throws Error when the database is newer than this code: running on would corrupt it.
 */
export async function migrate(pool: pg.Pool): Promise<string[]> {
  const client = await pool.connect();
  const applied: string[] = [];
  try {
    await client.query('select pg_advisory_lock($1, 0)', [MIGRATION_LOCK]);
    const current = await readSchemaVersion(client);
    const newest = await latestVersion();
    if (current > newest) {
      throw new Error(
        `The database has schema version ${current}, this Tradewind knows ${newest}. Start the newer Tradewind instead.`,
      );
    }
    for (let version = current + 1; version <= newest; version++) {
      await client.query('begin');
      try {
        applied.push(...(await applyMigrations(client, version - 1, version)));
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      }
    }
    return applied;
  } finally {
    await client.query('select pg_advisory_unlock($1, 0)', [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
}
