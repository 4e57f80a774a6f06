import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../src/db/database.ts';
import { migrate } from '../src/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL in which the tests may create databases. */
    postgresUrl: string;
  }
}

export interface TestDatabase extends Database {
  connectionString: string;
}

/**
 * Makes an empty, migrated database for one test file; `close` drops it.
 *
 * A database, not a schema: advisory locks and NOTIFY channels reach across schemas, and files that run at the same time
 * would take each other's lanes. With `DATABASE_URL` its user must be allowed to create databases.
 */
export async function createTestDatabase(options: { maxConnections?: number } = {}): Promise<TestDatabase> {
  const database = await createEmptyDatabase(options);
  try {
    await migrate(database.pool);
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** As `createTestDatabase`, without any table. */
export async function createEmptyDatabase(options: { maxConnections?: number } = {}): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `tradewind_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = openDatabase(url.href, options);
  return {
    ...database,
    connectionString: url.href,
    close: async () => {
      await database.close();
      await administer(server, `drop database if exists ${name} with (force)`);
    },
  };
}

async function administer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
