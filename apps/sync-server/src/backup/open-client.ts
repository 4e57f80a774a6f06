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

/** A connection lost on the way as a sentence; anything else as it is. */
export function describeLoss(error: unknown): unknown {
  if (!(error instanceof Error) || !/^Connection terminated/.test(error.message)) return error;
  return new Error('The connection to the database was lost: nothing half done was left behind, try again.', {
    cause: error,
  });
}
