-- Access per document (docs/adr/0018). Every shared document has the scope `all`, which admins meet; what is one agent's own
-- (commands) has not.

-- Scopes of what belongs to an account: everybody's, or its teams'. Written so that PostgreSQL puts it into the query that asks.
create function account_scopes(p_team_ids text[]) returns text[] language sql stable as $$
  select case when cardinality(p_team_ids) = 0 then array['all', 'desk']
    else string_to_array('all,team:' || array_to_string(p_team_ids, ',team:'), ',') end
$$;

-- Who may read a conversation: its account's readers, whoever has it, and whoever is mentioned in it.
create view conversation_readers as
  select c.id, c.customer_id,
    case when c.assignee_id is null and c.doc->'mentionedIds' is null then account_scopes(a.team_ids)
      else array(
        select distinct scope from unnest(
          account_scopes(a.team_ids)
          || case when c.assignee_id is null then '{}' else array['agent:' || c.assignee_id] end
          || array(select 'agent:' || mentioned.id
                   from jsonb_array_elements_text(coalesce(c.doc->'mentionedIds', '[]')) mentioned (id))
        ) scope order by scope) end as scopes
  from conversations c join accounts a on a.id = c.channel_account_id;

-- Who may read these customers, conversations, messages and orders; null where nothing says so (a customer of whom there is
-- nothing yet), no row for what is not there or has other rules. A message has its conversation's readers. An order has the
-- store's and those of its customer's conversations. A customer has those of all his conversations and orders.
--
-- All of them at once, each customer's conversations read once: somebody may have written a thousand times.
create function document_scopes(p_collections text[], p_ids text[])
returns table (o_collection text, o_id text, o_scopes text[]) language plpgsql stable as $$
begin
  return query
    with given as materialized (
      select distinct each.collection, each.id from unnest(p_collections, p_ids) each (collection, id)
    ), given_messages as materialized (
      select m.id, m.conversation_id from given join messages m on m.id = given.id where given.collection = 'message'
    ), threads as materialized (
      select r.id, r.scopes from (
        select given.id from given where given.collection = 'conversation'
        union select given_messages.conversation_id from given_messages
      ) wanted join conversation_readers r on r.id = wanted.id
    ), given_orders as materialized (
      select o.id, o.customer_id, account_scopes(a.team_ids) as scopes
      from given join orders o on o.id = given.id join accounts a on a.id = o.store_id where given.collection = 'order'
    ), by_conversations as materialized (
      select r.customer_id, array_agg(distinct scope) as scopes from (
        select given.id from given where given.collection = 'customer'
        union select given_orders.customer_id from given_orders
      ) wanted
      join conversation_readers r on r.customer_id = wanted.id cross join lateral unnest(r.scopes) scope
      group by r.customer_id
    ), by_orders as materialized (
      select o.customer_id, array_agg(distinct scope) as scopes from given
      join orders o on o.customer_id = given.id join accounts a on a.id = o.store_id
      cross join lateral unnest(account_scopes(a.team_ids)) scope
      where given.collection = 'customer' group by o.customer_id
    )
    select 'conversation', threads.id, threads.scopes
      from given join threads on threads.id = given.id where given.collection = 'conversation'
    union all
    select 'message', m.id, threads.scopes from given_messages m join threads on threads.id = m.conversation_id
    union all
    select 'order', o.id, array(select unnest(o.scopes) union select unnest(customer.scopes) order by 1)
      from given_orders o left join by_conversations customer on customer.customer_id = o.customer_id
    union all
    select 'customer', given.id,
      nullif(array(select unnest(by_conversations.scopes) union select unnest(by_orders.scopes) order by 1), '{}')
      from given left join by_conversations on by_conversations.customer_id = given.id
      left join by_orders on by_orders.customer_id = given.id where given.collection = 'customer';
end $$;

-- Gives every changed document its seq (R5) and its readers. Called as the last statement before commit: the lock it takes is
-- held until then, so that no reader can see a seq while a smaller one is still uncommitted, and so that of two
-- transactions that change a customer's readers the second sees what the first did.
--
-- Readers are worked out here, from the documents themselves: for customers, conversations, messages and orders `p_scopes`
-- counts only where that cannot be done. When those of a conversation change, its messages get them in place, without a new
-- seq; its customer and that customer's orders move. A scope that a document left gets a row of its own, `removed`, which
-- goes when the document returns. The documents that the caller named come last, in his order.
create or replace function append_changes(
  p_collections text[], p_ids text[], p_scopes text[], p_deleted boolean[], p_mark text, p_at bigint
) returns table (o_collection text, o_id text, o_seq bigint, o_created_seq bigint) language plpgsql as $$
declare
  v_conversations text[];
  v_customers text[];
  v_orders text[];
begin
  perform pg_advisory_xact_lock(7201, 1);

  -- Conversations and customers whose readers are not what the log says, new ones included.
  select array_agg(now.o_id) filter (where now.o_collection = 'conversation'),
      array_agg(now.o_id) filter (where now.o_collection = 'customer')
    into v_conversations, v_customers
    from document_scopes(p_collections, p_ids) now
    left join change_log l on l.collection = now.o_collection and l.id = now.o_id and l.scope_left = ''
    where now.o_collection in ('conversation', 'customer') and now.o_scopes is distinct from l.scopes;
  -- With the customers of these conversations, and those whom an order shows to its store's readers.
  v_customers := array(
    select unnest(v_customers)
    union select c.customer_id from conversations c where c.id = any(v_conversations)
    union select o.customer_id from unnest(p_collections, p_ids) given (collection, id)
      join orders o on o.id = given.id join accounts a on a.id = o.store_id
      join change_log l on l.collection = 'customer' and l.id = o.customer_id and l.scope_left = ''
      where given.collection = 'order' and not l.scopes @> account_scopes(a.team_ids));
  v_orders := array(select o.id from orders o where o.customer_id = any(v_customers));

  if v_conversations is not null then
    with threads as materialized (select r.id, r.scopes from conversation_readers r where r.id = any(v_conversations))
    update change_log l set scopes = threads.scopes
      from threads join messages m on m.conversation_id = threads.id
      where l.collection = 'message' and l.id = m.id and l.scope_left = '' and l.scopes is distinct from threads.scopes;
  end if;

  return query
    with given as materialized (
      select entry.collection, entry.id, string_to_array(entry.scopes, ',') as scopes, entry.deleted, entry.place
      from unnest(p_collections, p_ids, p_scopes, p_deleted) with ordinality
        as entry (collection, id, scopes, deleted, place)
    ), readers as materialized (
      select now.o_collection as collection, now.o_id as id, now.o_scopes as scopes
      from document_scopes(
        p_collections || array_fill('customer'::text, array[cardinality(v_customers)])
          || array_fill('order'::text, array[cardinality(v_orders)]),
        p_ids || v_customers || v_orders) now
    ), more as (
      select readers.collection, readers.id, null::text[] as scopes, l.deleted, 0::bigint as place
      from readers
      join change_log l on l.collection = readers.collection and l.id = readers.id and l.scope_left = ''
      where not exists (select 1 from given where given.collection = readers.collection and given.id = readers.id)
        and readers.scopes is distinct from l.scopes and readers.scopes is not null
    ), judged as materialized (
      select each.collection, each.id, each.deleted, each.place, l.scopes as old_scopes,
        coalesce(readers.scopes, each.scopes, l.scopes, '{}') as scopes
      from (select * from given union all select * from more) each
      left join readers on readers.collection = each.collection and readers.id = each.id
      left join change_log l on l.collection = each.collection and l.id = each.id and l.scope_left = ''
    ), scoped as (
      select judged.collection, judged.id, judged.deleted, judged.place, judged.old_scopes,
        case when 'all' = any(judged.scopes) or judged.collection in ('command', 'personal') then judged.scopes
          else array['all'] || judged.scopes end as scopes
      from judged
    ), numbered as materialized (
      select ordered.*, nextval('change_seq') as seq
      from (
        select scoped.collection, scoped.id, '' as scope_left, scoped.scopes, scoped.deleted, false as removed, scoped.place
        from scoped
        union all
        select scoped.collection, scoped.id, gone, array[gone], false, true, -1
        from scoped, unnest(scoped.old_scopes) gone
        where not scoped.deleted and gone <> all(scoped.scopes)
        order by 7, 1, 2, 3
      ) ordered
    ), returned as (
      delete from change_log left_before using scoped
      where left_before.collection = scoped.collection and left_before.id = scoped.id and left_before.scope_left <> ''
        and left_before.scope_left = any(scoped.scopes)
    ), marked as (
      insert into commit_marks (last_seq, first_seq, mark, at)
      select max(numbered.seq), min(numbered.seq), p_mark, p_at from numbered having count(*) > 0
    ), written as (
      insert into change_log as existing (collection, id, scope_left, seq, created_seq, scopes, deleted, removed, at)
      select numbered.collection, numbered.id, numbered.scope_left, numbered.seq,
        coalesce(main.created_seq, numbered.seq), numbered.scopes, numbered.deleted, numbered.removed, p_at
      from numbered
      left join change_log main on numbered.removed and main.collection = numbered.collection and main.id = numbered.id
        and main.scope_left = ''
      on conflict (collection, id, scope_left) do update
        set seq = excluded.seq, scopes = excluded.scopes, deleted = excluded.deleted, at = excluded.at
      returning existing.collection, existing.id, existing.seq, existing.created_seq, existing.removed
    )
    select written.collection, written.id, written.seq, written.created_seq from written where not written.removed;
end $$;

-- What an agent might see at each version of his access. Null: more changed than his own scopes (the teams of an account),
-- so that the difference to versions before cannot be told.
create table agent_access (
  agent_id text not null references agents (id) on delete cascade,
  version integer not null,
  scopes text[],
  primary key (agent_id, version)
);
create function agent_scopes(p_id text, p_role text, p_team_ids text[]) returns text[] language sql immutable as $$
  select case when p_role = 'admin' then array['all', 'agent:' || p_id]
    else array['desk', 'agent:' || p_id] || array(select 'team:' || id from unnest(p_team_ids) id) end
$$;
create function remember_access() returns trigger language plpgsql as $$
begin
  -- Rows of a backup come with their own.
  if current_setting('tradewind.loading', true) = 'on' then return null; end if;
  insert into agent_access (agent_id, version, scopes)
    values (new.id, new.access_version, agent_scopes(new.id, new.role, new.team_ids))
    on conflict (agent_id, version) do update set scopes = excluded.scopes;
  return null;
end $$;
create trigger agents_access after insert or update of access_version, role, team_ids on agents
  for each row execute function remember_access();

-- Notes of earlier versions mention agents too.
update conversations c set doc = c.doc || jsonb_build_object('mentionedIds', found.ids)
  from (
    select m.conversation_id, jsonb_agg(distinct mentioned) as ids
    from messages m cross join lateral jsonb_array_elements_text(m.doc->'mentions') as mention (mentioned)
    where m.kind = 'note' and jsonb_typeof(m.doc->'mentions') = 'array' group by m.conversation_id
  ) found
  where c.id = found.conversation_id;

-- In place: every console reads everything again. A thousand at a time, so that no step of it is planned for few and given all.
do $$
declare
  v_some record;
begin
  for v_some in
    select array_agg(each.collection) as collections, array_agg(each.id) as ids
    from (select collection, id, row_number() over (order by collection, id) / 1000 as part from change_log) each
    group by each.part
  loop
    update change_log l set scopes = now.o_scopes
      from document_scopes(v_some.collections, v_some.ids) now
      where l.collection = now.o_collection and l.id = now.o_id and now.o_scopes is not null;
  end loop;
end $$;
update change_log set scopes = array['all'] || scopes where collection <> 'command' and not scopes @> array['all'];
update agents set access_version = access_version + 1;
update agent_access set scopes = null;
