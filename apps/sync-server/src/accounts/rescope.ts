import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { lockScopes } from '../db/scope-lock.ts';
import { toAccountScopes } from '../domain/scopes.ts';

/**
 * Gives everything that belongs to an account the scopes of its new teams, and makes every agent's console start over
 * (`access_version`): what it gained and lost is not told row by row.
 *
 * Scopes are changed in place, without a new `seq`: a console that starts over reads them all anyway. Call it after the
 * account's own row is written and before `appendChanges`.
 *
 * @returns ids of the agents whose access may have changed: their directory entries change too, which tells their sockets.
 *
 * Agents are locked first, then the change log, as everybody does who changes agents: the other way round the two would
 * wait for each other.
 */
export async function rescopeAccount(tx: Tx, accountId: string, teamIds: readonly string[]): Promise<string[]> {
  await lockScopes(tx);
  const agents = await tx.selectFrom('agents').select('id').orderBy('id').forUpdate().execute();
  await tx
    .updateTable('agents')
    .set((eb) => ({ access_version: eb('access_version', '+', 1) }))
    .execute();
  // The lock of `append_changes` (migration 0001): nobody else writes the log until we commit.
  await sql`select pg_advisory_xact_lock(7201, 1)`.execute(tx);
  const scopes = toAccountScopes(teamIds);
  await sql`
    update change_log log set scopes = ${scopes}::text[] from conversations c
    where log.collection = 'conversation' and log.id = c.id and c.channel_account_id = ${accountId}`.execute(tx);
  await sql`
    update change_log log set scopes = ${scopes}::text[] from messages m
    where log.collection = 'message' and log.id = m.id and m.channel_account_id = ${accountId}`.execute(tx);
  await sql`
    update change_log log set scopes = ${scopes}::text[] from orders o
    where log.collection = 'order' and log.id = o.id and o.store_id = ${accountId}`.execute(tx);
  // A customer is seen by whoever sees one of his conversations or orders, of whatever account.
  await sql`
    with touched as (
      select customer_id from conversations where channel_account_id = ${accountId}
      union select customer_id from orders where store_id = ${accountId} and customer_id is not null
    ), readers as (
      select items.customer_id, array_agg(distinct scope) as scopes
      from (
        select c.customer_id, a.team_ids from conversations c join accounts a on a.id = c.channel_account_id
        union all select o.customer_id, a.team_ids from orders o join accounts a on a.id = o.store_id
      ) items
      join touched on touched.customer_id = items.customer_id
      cross join lateral unnest(case when items.team_ids = '{}' then array['desk']
        else array(select 'team:' || t from unnest(items.team_ids) t) end) as scope
      group by items.customer_id
    )
    update change_log log set scopes = readers.scopes from readers
    where log.collection = 'customer' and log.id = readers.customer_id`.execute(tx);
  return agents.map((agent) => agent.id);
}
