alter table desk add column time_zone text not null default 'UTC';
-- Whoever makes the first admin of an empty desk must know it: it is printed where the server was started. Null once done.
alter table desk add column setup_code text;
-- Where agents reach the desk, as the server that started last said: links made without a server begin with it.
alter table desk add column public_url text;

alter table agents add column totp_secret bytea; -- encrypted (R16)
alter table agents add column totp_since bigint;
-- A code holds for its time step once.
alter table agents add column totp_last_step bigint;
alter table agents add column recovery_hashes bytea[] not null default '{}';

create table invites (
  id text primary key,
  token_hash bytea not null unique,
  email text not null,
  name text not null default '',
  role text not null check (role in ('admin', 'agent')),
  team_ids text[] not null default '{}',
  created_by text not null,
  created_at bigint not null,
  expires_at bigint not null,
  accepted_at bigint,
  revoked_at bigint
);

-- One for each agent: the newest link is the one that works. Used ones are deleted.
create table password_resets (
  agent_id text primary key references agents (id),
  token_hash bytea not null unique,
  created_at bigint not null,
  expires_at bigint not null
);

-- Sending fails since then, in the platform's words; null while it works.
alter table accounts add column send_problem text;
alter table accounts add column send_problem_since bigint;

-- Visitors of the website chat. The token is the visitor's only proof; `subject` is the shop's own id of a customer it
-- vouches for, who is found by it on any device and never by the token alone.
create table chat_visitors (
  id text primary key,
  account_id text not null references accounts (id),
  token_hash bytea unique,
  subject text,
  created_at bigint not null,
  last_seen_at bigint not null,
  unique (account_id, subject)
);

-- Newest message of a visitor that some agent has had on screen: told to the visitor, never replicated.
create table chat_seen (
  conversation_id text primary key,
  created_seq bigint not null,
  at bigint not null
);
