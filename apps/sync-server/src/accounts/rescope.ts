import { sql } from 'kysely';
import type { Tx } from '../db/database.ts';
import { lockScopes } from '../db/scope-lock.ts';

/**
 * Gives everything that belongs to an account the readers that its new teams make, and makes the consoles of those who saw it
 * before or see it now start over (`access_version`): what they gained and lost is not told row by row. Others keep what they
 * have: what they see by an assignment or a mention they go on seeing.
 *
 * Scopes are changed in place, without a new `seq`: a console that starts over reads them all anyway. Call it after the
 * account's own row is written and before `appendChanges`.
 *
 * @param before - the account's teams until now.
 * @param after - its teams from now on.
 * @returns ids of the agents whose access may have changed: their directory entries change too, which tells their sockets.
 *
 * Agents are locked first, then the change log, as everybody does who changes agents: the other way round the two would
 * wait for each other.
 */
export async function rescopeAccount(
  tx: Tx,
  accountId: string,
  before: readonly string[],
  after: readonly string[],
): Promise<string[]> {
  await lockScopes(tx);
  const agents = await tx
    .selectFrom('agents')
    .select(['id', 'role', 'team_ids', 'access_version'])
    .orderBy('id')
    .forUpdate()
    .execute();
  const isOpen = before.length === 0 || after.length === 0;
  const teams = new Set([...before, ...after]);
  // Admins see everything before and after.
  const touched = agents.filter((one) => one.role !== 'admin' && (isOpen || one.team_ids.some((id) => teams.has(id))));
  const ids = touched.map((one) => one.id);
  if (ids.length > 0) {
    await sql`update agent_access a set scopes = null from agents g
      where g.id = a.agent_id and g.access_version = a.version and g.id = any(${ids}::text[])`.execute(tx);
    await tx
      .updateTable('agents')
      .set((eb) => ({ access_version: eb('access_version', '+', 1) }))
      .where('id', 'in', ids)
      .execute();
  }
  // The lock of `append_changes` (migration 0001): nobody else writes the log until we commit.
  await sql`select pg_advisory_xact_lock(7201, 1)`.execute(tx);
  await rewriteScopes(tx, accountId);
  return ids;
}

/** Documents per statement: few enough that PostgreSQL's plan for a change of some documents is good for all of them. */
const DOCUMENTS_PER_STEP = 1_000;

async function rewriteScopes(tx: Tx, accountId: string): Promise<void> {
  // A customer is seen by whoever sees one of his conversations or orders, of whatever account, and so are his orders.
  const { rows: steps } = await sql<{ collections: string[]; ids: string[] }>`
    with customers_of as (
      select customer_id from conversations where channel_account_id = ${accountId}
      union select customer_id from orders where store_id = ${accountId} and customer_id is not null
    ), documents as (
      select 'conversation' as collection, id from conversations where channel_account_id = ${accountId}
      union all select 'message', id from messages where channel_account_id = ${accountId}
      union all select 'customer', customer_id from customers_of
      union all select 'order', id from orders where store_id = ${accountId} or customer_id in (select customer_id from customers_of)
    ), numbered as (
      select collection, id, row_number() over (order by collection, id) / ${DOCUMENTS_PER_STEP}::int as step from documents
    )
    select array_agg(collection) as collections, array_agg(id) as ids from numbered group by step`.execute(tx);
  for (const { collections, ids } of steps) {
    await sql`
      update change_log log set scopes = now.o_scopes from document_scopes(${collections}::text[], ${ids}::text[]) now
      where log.collection = now.o_collection and log.id = now.o_id and log.scope_left = ''
        and now.o_scopes is not null and now.o_scopes is distinct from log.scopes`.execute(tx);
  }
  // Visitors who have said nothing yet are their account's.
  await sql`
    update change_log log set scopes = account_scopes(a.team_ids)
    from identities i join accounts a on a.id = i.scope
    where i.kind = 'external' and i.scope = ${accountId} and log.collection = 'customer' and log.id = i.customer_id
      and log.scope_left = '' and not exists (select 1 from conversations c where c.customer_id = i.customer_id)
      and not exists (select 1 from orders o where o.customer_id = i.customer_id)`.execute(tx);
  await sql`
    delete from change_log gone using change_log log
    where gone.scope_left <> '' and log.collection = gone.collection and log.id = gone.id and log.scope_left = ''
      and gone.scope_left = any(log.scopes)`.execute(tx);
}
