import pg from 'pg';

/**
 * A connection that may work on one statement for hours, and is cut when `signal` says so.
 *
 * @throws Error when the database is out of reach.
 */
export async function openClient(connectionString: string, signal: AbortSignal): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    application_name: 'tradewind-backup',
    options: '-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c lock_timeout=0',
  });
  client.on('error', () => undefined); // told to the statement that is under way
  await client.connect();
  signal.addEventListener('abort', () => void client.end().catch(() => undefined), { once: true });
  return client;
}
