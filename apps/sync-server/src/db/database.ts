import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { keepPlans } from './prepared.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

// Every bigint of ours is an instant, a counter or a size below 2^53; pg would hand them over as text.
const INT8_OID = 20;
pg.types.setTypeParser(INT8_OID, Number);

export interface Database {
  db: Db;
  pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens a connection pool. Nothing is connected until the first query.
 *
 * @param connectionString - `postgres://…`; direct (session) connections, as LISTEN and advisory locks need them.
 * @param onIdleError - called when an idle connection breaks; the pool replaces it by itself.
 */
export function openDatabase(
  connectionString: string,
  options: { maxConnections?: number; schema?: string; onIdleError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({
    connectionString,
    max: options.maxConnections ?? 16,
    // A statement that waits this long for a lock is a fault; it must not hold a worker for ever.
    options: `-c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000${options.schema ? ` -c search_path=${options.schema}` : ''}`,
    application_name: 'tradewind',
  });
  let isClosed = false;
  // The last connections say good-bye while a PostgreSQL that is ended right after us cuts them: that is no news.
  const handleError = (error: Error) => {
    if (!isClosed) options.onIdleError?.(error);
  };
  pool.on('error', handleError);
  // A connection can also break between two queries of a transaction: without a listener that would end the process.
  pool.on('connect', (client) => {
    client.on('error', handleError);
    keepPlans(client);
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  const close = () => {
    isClosed = true;
    return db.destroy();
  };
  return { db, pool, close };
}
