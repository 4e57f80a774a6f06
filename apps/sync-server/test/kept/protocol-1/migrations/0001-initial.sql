-- Instants are epoch milliseconds (bigint). Documents are JSON bodies beside the columns that queries need.
--
-- Tables that every event writes have no foreign keys: only the server writes them, each check would be a query per row,
-- and accounts, customers and conversations are never deleted under their documents.

create table desk (
  one boolean primary key default true check (one),
  id text not null,
  mode text not null check (mode in ('demo', 'desk')),
  name text not null,
  -- A hash of the secret key: starting with another key is refused before it corrupts anything.
  key_fingerprint text not null,
  created_at bigint not null
);

create table teams (
  id text primary key,
  name text not null unique,
  created_at bigint not null
);

create table agents (
  id text primary key,
  email text not null unique,
  name text not null,
  password_hash text not null,
  role text not null check (role in ('admin', 'agent')),
  team_ids text[] not null default '{}',
  disabled boolean not null default false,
  -- Raised whenever what the agent may see changes; consoles holding an older one start over.
  access_version integer not null default 1,
  created_at bigint not null
);

create table sessions (
  id text primary key,
  agent_id text not null references agents (id),
  token_hash bytea not null unique,
  user_agent text not null,
  address text not null,
  created_at bigint not null,
  last_seen_at bigint not null,
  expires_at bigint not null
);
create index sessions_agent on sessions (agent_id);

create table login_failures (
  key text primary key,
  failures integer not null,
  first_at bigint not null,
  blocked_until bigint not null default 0
);

create table audit (
  id bigint generated always as identity primary key,
  at bigint not null,
  actor text not null,
  action text not null,
  target text not null,
  before jsonb,
  after jsonb
);
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();

-- Channel accounts and store connections. `lane_no` names the account in advisory locks, which take integers.
create table accounts (
  id text primary key,
  family text not null check (family in ('channel', 'store')),
  kind text not null,
  name text not null,
  -- Public handle shown to people: sender address, shop domain.
  address text not null default '',
  config jsonb not null,
  secrets bytea not null,
  team_ids text[] not null default '{}',
  lane_no integer generated always as identity unique,
  rejected bigint not null default 0,
  last_rejected_at bigint,
  last_rejected_reason text,
  last_event_at bigint,
  created_at bigint not null
);

-- What a platform sent, never changed after the commit that the platform's 2xx waited for (R1).
create table inbound_events (
  id bigint generated always as identity primary key,
  account_id text not null,
  topic text not null,
  dedupe_key text,
  path_suffix text not null,
  headers json not null,
  body bytea,
  -- Bodies over 256 KiB lie in the files folder, named by their SHA-256.
  body_sha256 text,
  received_at bigint not null
);
alter table inbound_events alter column body set storage external;
create index inbound_events_account on inbound_events (account_id, id desc);

-- Where each event stands: a small row, so that progress does not rewrite bodies.
create table inbound_states (
  event_id bigint primary key,
  account_id text not null,
  lane smallint not null,
  state text not null check (state in ('pending', 'processed', 'duplicate', 'ignored', 'dead')),
  reason text,
  at bigint not null
);
create index inbound_states_pending on inbound_states (account_id, lane, event_id) where state = 'pending';
create index inbound_states_unusual on inbound_states (state, event_id desc) where state in ('dead', 'ignored', 'duplicate');

-- One-time tokens whose signature does not cover the body (Mailgun): the same content again is a duplicate, other
-- content under a used token is a forgery.
create table used_tokens (
  account_id text not null,
  token text not null,
  content_hash bytea not null,
  seen_at bigint not null,
  primary key (account_id, token)
);
create index used_tokens_age on used_tokens (seen_at);

-- Platform events already carried out (R2).
create table processed_keys (
  account_id text not null,
  key text not null,
  event_id bigint not null,
  primary key (account_id, key)
);

create table customers (
  id text primary key,
  updated_at bigint not null,
  doc jsonb not null
);

create table identities (
  kind text not null,
  scope text not null,
  value text not null,
  customer_id text not null,
  primary key (kind, scope, value)
);
create index identities_customer on identities (customer_id);

create table conversations (
  id text primary key,
  customer_id text not null,
  channel_account_id text not null,
  status text not null,
  assignee_id text,
  team_id text,
  last_message_at bigint not null,
  snoozed_until bigint,
  updated_at bigint not null,
  doc jsonb not null
);
create index conversations_recent on conversations (last_message_at desc, id desc);
create index conversations_status on conversations (status, last_message_at desc, id desc);
create index conversations_customer on conversations (customer_id, channel_account_id);
create index conversations_snoozed on conversations (snoozed_until) where status = 'snoozed';
create index conversations_updated on conversations (updated_at);

create table messages (
  id text primary key,
  conversation_id text not null,
  channel_account_id text not null,
  external_id text,
  direction text not null,
  kind text not null,
  status text not null,
  sent_at bigint not null,
  doc jsonb not null
);
create unique index messages_external on messages (channel_account_id, external_id) where external_id is not null;
create index messages_thread on messages (conversation_id, sent_at desc, id desc);

-- Message-Ids a conversation has or names: a mail finds its thread by any of them, also by those of mails that are still
-- on their way. Several conversations may name one id; who may join is decided by R14.
create table thread_refs (
  channel_account_id text not null,
  external_id text not null,
  conversation_id text not null,
  primary key (channel_account_id, external_id, conversation_id)
);

create table orders (
  id text primary key,
  store_id text not null,
  external_id text not null,
  number text not null,
  customer_id text,
  external_updated_at bigint not null,
  deleted boolean not null default false,
  placed_at bigint not null,
  doc jsonb not null,
  unique (store_id, external_id)
);
create index orders_customer on orders (customer_id);
create index orders_placed on orders (placed_at desc, id desc);
create index orders_number on orders (number);

-- Refunds, fulfilments and deletions told on their own: they may come before their order, and are merged into it by id.
create table order_parts (
  store_id text not null,
  order_external_id text not null,
  kind text not null check (kind in ('refund', 'fulfilment', 'deletion')),
  external_id text not null,
  updated_at bigint not null,
  doc jsonb not null,
  primary key (store_id, order_external_id, kind, external_id)
);

create table commands (
  id text primary key,
  agent_id text not null references agents (id),
  type text not null,
  content_hash text not null,
  received_at bigint not null,
  status text not null,
  doc jsonb not null
);
create index commands_agent on commands (agent_id);

-- Effect ledger (R11): one row per effect on the outside world, `attempting` committed before the request leaves.
create table effects (
  key text primary key,
  kind text not null check (kind in ('send-message', 'fetch-attachment')),
  account_id text not null references accounts (id),
  message_id text not null,
  conversation_id text not null,
  -- Messages of one conversation leave in this order.
  ordinal bigint generated always as identity,
  state text not null check (state in ('queued', 'attempting', 'done', 'failed', 'unknown')),
  attempts integer not null default 0,
  next_at bigint not null,
  node text,
  lease_until bigint,
  external_id text,
  answer jsonb,
  created_at bigint not null,
  updated_at bigint not null
);
create index effects_due on effects (next_at) where state = 'queued';
create index effects_attempting on effects (lease_until) where state = 'attempting';
create index effects_message on effects (message_id);
create index effects_conversation on effects (conversation_id, ordinal) where state in ('queued', 'attempting');

create table files (
  sha256 text primary key,
  size_bytes bigint not null,
  created_at bigint not null
);

create table attachments (
  id text primary key,
  -- Null while the file still has to be fetched from the platform.
  sha256 text references files (sha256),
  name text not null,
  content_type text not null,
  size_bytes bigint not null,
  conversation_id text,
  uploaded_by text,
  source_url text,
  created_at bigint not null
);
create index attachments_conversation on attachments (conversation_id);

-- The change log holds pointers, one row per document and one per scope a document left (protocol: Change log).
create sequence change_seq cache 1;
create table change_log (
  collection text not null,
  id text not null,
  scope_left text not null default '',
  seq bigint not null unique,
  created_seq bigint not null,
  scopes text[] not null,
  deleted boolean not null default false,
  removed boolean not null default false,
  at bigint not null,
  primary key (collection, id, scope_left)
);

-- First and last seq of each commit, with a random mark that tells this history from another one after a restore.
create table commit_marks (
  last_seq bigint primary key,
  first_seq bigint not null,
  mark text not null,
  at bigint not null
);

-- Gives every changed document its seq (R5). Called as the last statement before commit: the lock it takes is held until
-- then, so that no reader can see a seq while a smaller one is still uncommitted. Null scopes keep those a document has.
create function append_changes(
  p_collections text[], p_ids text[], p_scopes text[], p_deleted boolean[], p_mark text, p_at bigint
) returns table (o_collection text, o_id text, o_seq bigint, o_created_seq bigint) language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7201, 1);
  return query
    with numbered as materialized (
      select entry.*, nextval('change_seq') as seq
      from (
        select * from unnest(p_collections, p_ids, p_scopes, p_deleted) with ordinality
          as given (collection, id, scopes, deleted, place)
        order by place
      ) entry
    ), marked as (
      insert into commit_marks (last_seq, first_seq, mark, at)
      select max(numbered.seq), min(numbered.seq), p_mark, p_at from numbered having count(*) > 0
    )
    insert into change_log as existing (collection, id, scope_left, seq, created_seq, scopes, deleted, removed, at)
    select numbered.collection, numbered.id, '', numbered.seq, numbered.seq, coalesce(string_to_array(numbered.scopes, ','), '{}'),
           numbered.deleted, false, p_at
    from numbered
    on conflict (collection, id, scope_left) do update
      set seq = excluded.seq, scopes = case when excluded.scopes = '{}' then existing.scopes else excluded.scopes end, deleted = excluded.deleted, at = excluded.at
    returning existing.collection, existing.id, existing.seq, existing.created_seq;
end $$;

-- What consoles may know of agents, teams and accounts: never a secret (R16).
create view directory_docs as
  select id, jsonb_build_object('id', id, 'kind', 'agent', 'name', name, 'email', email, 'role', role,
    'teamIds', to_jsonb(team_ids), 'disabled', disabled) as doc from agents
  union all
  select id, jsonb_build_object('id', id, 'kind', 'team', 'name', name) from teams
  union all
  select id, case family
    when 'channel' then jsonb_build_object('id', id, 'kind', 'channel', 'name', name, 'channelKind', kind,
      'teamIds', to_jsonb(team_ids), 'address', address)
    else jsonb_build_object('id', id, 'kind', 'store', 'name', name, 'storeKind', kind,
      'teamIds', to_jsonb(team_ids), 'address', address) end from accounts;
