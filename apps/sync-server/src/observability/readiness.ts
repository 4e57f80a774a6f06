import type pg from 'pg';

// A load balancer asks every few seconds; a database that takes longer than this to answer is as good as away.
const TIMEOUT_MS = 2_000;

/**
 * Whether this server can do its work: the database answers and has the schema this code was written for.
 *
 * @returns null when ready, else a reason without addresses or credentials.
 */
export async function findUnreadiness(pool: pg.Pool, neededVersion: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, TIMEOUT_MS, 'late');
  });
  try {
    const found = await Promise.race([readVersion(pool), late]);
    if (found === 'late') return 'The database does not answer.';
    if (found === neededVersion) return null;
    return `The database has schema version ${found}, this server needs ${neededVersion}.`;
  } catch {
    return 'The database is out of reach.'; // its own words may hold host names and credentials
  } finally {
    clearTimeout(timer);
  }
}

async function readVersion(pool: pg.Pool): Promise<number> {
  const exists = await pool.query("select to_regclass('schema_version') is not null as present");
  if (exists.rows[0]?.present !== true) return 0;
  const result = await pool.query('select coalesce(max(version), 0)::integer as version from schema_version');
  return Number(result.rows[0]?.version);
}
