import { sql } from 'kysely';
import type { Db } from '../database.ts';

export interface Progress {
  /** Events stored and not yet processed. */
  backlog: number;
  /** Newest seq of the change log. */
  changeLogHead: number;
}

/** Two index look-ups: cheap enough for every scrape. */
export async function readProgress(db: Db): Promise<Progress> {
  const result = await sql<Progress>`
    select (select count(*) from inbound_states where state = 'pending') as backlog,
      (select coalesce(max(last_seq), 0) from commit_marks) as "changeLogHead"`.execute(db);
  return result.rows[0] ?? { backlog: 0, changeLogHead: 0 };
}
