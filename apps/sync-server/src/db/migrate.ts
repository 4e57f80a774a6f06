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
    await client.query(
      'create table if not exists schema_version (version integer primary key, name text not null, at timestamptz not null default now())',
    );
    const current = Number(
      (await client.query('select coalesce(max(version), 0) as version from schema_version')).rows[0]?.version ?? 0,
    );
    const files = await migrationFiles();
    const newest = files.at(-1)?.version ?? 0;
    if (current > newest) {
      throw new Error(
        `The database has schema version ${current}, this Tradewind knows ${newest}. Start the newer Tradewind instead.`,
      );
    }
    for (const { version, name } of files.filter((file) => file.version > current)) {
      const text = await readFile(new URL(name, FOLDER), 'utf8');
      await client.query('begin');
      try {
        await client.query(text);
        await client.query('insert into schema_version (version, name) values ($1, $2)', [version, name]);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
      applied.push(name);
    }
    return applied;
  } finally {
    await client.query('select pg_advisory_unlock($1, 0)', [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
}
