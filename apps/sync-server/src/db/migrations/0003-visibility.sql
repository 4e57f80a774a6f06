-- Access per document (docs/adr/0018). Every shared document has the scope `all`, which admins meet; what is one agent's own
-- (commands) has not.

-- Scopes of what belongs to an account: everybody's, or its teams'.
create function account_scopes(p_team_ids text[]) returns text[] language sql immutable as $$
  select array['all'] || case when p_team_ids = '{}' then array['desk']
    else array(select 'team:' || id from unnest(p_team_ids) id) end
$$;

-- Besides the account's readers, whoever has it or is mentioned in it.
create function conversation_scopes(p_conversation_id text) returns text[] language sql stable as $$
  select array(
    select distinct scope from unnest(
      account_scopes(a.team_ids)
      || case when c.assignee_id is null then '{}' else array['agent:' || c.assignee_id] end
      || array(select 'agent:' || mentioned.id from jsonb_array_elements_text(coalesce(c.doc->'mentionedIds', '[]')) mentioned (id))
    ) scope order by scope)
  from conversations c join accounts a on a.id = c.channel_account_id where c.id = p_conversation_id
$$;

create function customer_conversation_scopes(p_customer_id text) returns setof text language sql stable as $$
  select distinct unnest(conversation_scopes(c.id)) from conversations c where c.customer_id = p_customer_id
$$;

-- An order is seen by the store's readers and by whoever sees a conversation of its customer.
create function order_scopes(p_order_id text) returns text[] language sql stable as $$
  select array(
    select unnest(account_scopes(a.team_ids)) union select customer_conversation_scopes(o.customer_id) order by 1)
  from orders o join accounts a on a.id = o.store_id where o.id = p_order_id
$$;

-- A customer is seen by whoever sees one of his conversations or orders; one of whom there is neither yet is nobody's.
create function customer_scopes(p_customer_id text) returns text[] language sql stable as $$
  select nullif(array(
    select customer_conversation_scopes(p_customer_id)
    union select unnest(account_scopes(a.team_ids)) from orders o join accounts a on a.id = o.store_id
      where o.customer_id = p_customer_id
    order by 1), '{}')
$$;

-- Null where the document, or what decides about it, is not there.
create function document_scopes(p_collection text, p_id text) returns text[] language plpgsql stable as $$
begin
  return case p_collection
    when 'conversation' then conversation_scopes(p_id)
    when 'message' then (select conversation_scopes(conversation_id) from messages where id = p_id)
    when 'customer' then customer_scopes(p_id)
    when 'order' then order_scopes(p_id)
  end;
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
begin
  perform pg_advisory_xact_lock(7201, 1);

  -- Conversations whose readers are not what the log says, new ones included.
  select array_agg(given.id), array_agg(distinct c.customer_id) into v_conversations, v_customers
    from unnest(p_collections, p_ids) given (collection, id)
    join conversations c on c.id = given.id
    left join change_log l on l.collection = 'conversation' and l.id = given.id and l.scope_left = ''
    where given.collection = 'conversation' and l.scopes is distinct from conversation_scopes(given.id);
  -- Customers who got a conversation or an order of somebody else's, and those whom a new order shows to its store's readers.
  v_customers := v_customers || array(
    select given.id from unnest(p_collections, p_ids) given (collection, id)
      left join change_log l on l.collection = 'customer' and l.id = given.id and l.scope_left = ''
      where given.collection = 'customer' and l.scopes is distinct from customer_scopes(given.id)
    union
    select o.customer_id from unnest(p_collections, p_ids) given (collection, id)
      join orders o on o.id = given.id join accounts a on a.id = o.store_id
      join change_log l on l.collection = 'customer' and l.id = o.customer_id and l.scope_left = ''
      where given.collection = 'order' and not l.scopes @> account_scopes(a.team_ids));

  if v_conversations is not null then
    update change_log l set scopes = m.scopes
      from (select m.id, conversation_scopes(m.conversation_id) as scopes from messages m
            where m.conversation_id = any(v_conversations)) m
      where l.collection = 'message' and l.id = m.id and l.scope_left = '' and m.scopes is not null
        and l.scopes is distinct from m.scopes;
  end if;

  return query
    with given as materialized (
      select entry.collection, entry.id, string_to_array(entry.scopes, ',') as scopes, entry.deleted, entry.place
      from unnest(p_collections, p_ids, p_scopes, p_deleted) with ordinality
        as entry (collection, id, scopes, deleted, place)
    ), more as (
      select found.collection, found.id, null::text[] as scopes, l.deleted, 0::bigint as place
      from (
        select 'customer' as collection, id from unnest(v_customers) id
        union select 'order', o.id from orders o where o.customer_id = any(v_customers)
      ) found
      join change_log l on l.collection = found.collection and l.id = found.id and l.scope_left = ''
      where not exists (select 1 from given where given.collection = found.collection and given.id = found.id)
        and document_scopes(found.collection, found.id) is distinct from l.scopes
        and document_scopes(found.collection, found.id) is not null
    ), judged as materialized (
      select each.collection, each.id, each.deleted, each.place, l.scopes as old_scopes,
        coalesce(document_scopes(each.collection, each.id), each.scopes, l.scopes, '{}') as scopes
      from (select * from given union all select * from more) each
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

-- In place: every console reads everything again.
update change_log set scopes = coalesce(
  document_scopes(collection, id),
  case when collection = 'command' or 'all' = any(scopes) then scopes else array['all'] || scopes end);
update agents set access_version = access_version + 1;
update agent_access set scopes = null;
