-- Of a conversation: the place in the log at which it got a scope, by scope; null, and not listed: from the beginning.
alter table change_log add column gained jsonb;

-- Gives every changed document its seq (R5) and its readers. Called as the last statement before commit: the lock it takes is
-- held until then, so that no reader can see a seq while a smaller one is still uncommitted, and so that of two
-- transactions that change a customer's readers the second sees what the first did.
--
-- Readers are worked out here, from the documents themselves: for customers, conversations, messages and orders `p_scopes`
-- counts only where that cannot be done. When those of a conversation change, its messages get them in place, without a new
-- seq; its customer and that customer's orders move. A scope that a document left gets a row of its own, `removed`, which
-- goes when the document returns. The documents that the caller named come last, in his order.
--
-- A conversation's row keeps since when it has each scope that it did not have from the beginning: a console whose copy of it is
-- older may have read past messages while it was out of sight, and the row that said so is taken back when it returns.
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
      select each.collection, each.id, each.deleted, each.place, l.scopes as old_scopes, l.gained as old_gained,
        coalesce(readers.scopes, each.scopes, l.scopes, '{}') as scopes
      from (select * from given union all select * from more) each
      left join readers on readers.collection = each.collection and readers.id = each.id
      left join change_log l on l.collection = each.collection and l.id = each.id and l.scope_left = ''
    ), scoped as (
      select judged.collection, judged.id, judged.deleted, judged.place, judged.old_scopes, judged.old_gained,
        case when 'all' = any(judged.scopes) or judged.collection in ('command', 'personal') then judged.scopes
          else array['all'] || judged.scopes end as scopes
      from judged
    ), numbered as materialized (
      select ordered.*, nextval('change_seq') as seq
      from (
        select scoped.collection, scoped.id, '' as scope_left, scoped.scopes, scoped.deleted, false as removed, scoped.place,
          scoped.old_scopes, scoped.old_gained
        from scoped
        union all
        select scoped.collection, scoped.id, gone, array[gone], false, true, -1, null, null
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
      insert into change_log as existing (collection, id, scope_left, seq, created_seq, scopes, gained, deleted, removed, at)
      select numbered.collection, numbered.id, numbered.scope_left, numbered.seq,
        coalesce(main.created_seq, numbered.seq), numbered.scopes,
        case when numbered.collection <> 'conversation' or numbered.old_scopes is null then null
          when numbered.scopes = numbered.old_scopes then numbered.old_gained
          else (
            select jsonb_object_agg(scope,
              case when scope = any(numbered.old_scopes) then numbered.old_gained->scope else to_jsonb(numbered.seq) end)
            from unnest(numbered.scopes) scope
            where scope <> all(numbered.old_scopes) or numbered.old_gained ? scope
          ) end,
        numbered.deleted, numbered.removed, p_at
      from numbered
      left join change_log main on numbered.removed and main.collection = numbered.collection and main.id = numbered.id
        and main.scope_left = ''
      on conflict (collection, id, scope_left) do update
        set seq = excluded.seq, scopes = excluded.scopes, gained = excluded.gained, deleted = excluded.deleted, at = excluded.at
      returning existing.collection, existing.id, existing.seq, existing.created_seq, existing.removed
    )
    select written.collection, written.id, written.seq, written.created_seq from written where not written.removed;
end $$;
