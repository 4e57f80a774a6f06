-- Sessions that were ended, so that a device is told once more why its token is not good any more: one that was revoked, or
-- whose agent was disabled, has to erase what it holds.
create table ended_sessions (
  token_hash bytea primary key,
  agent_id text not null references agents (id) on delete cascade,
  reason text not null check (reason in ('revoked', 'disabled')),
  ended_at bigint not null
);
create index ended_sessions_ended_at on ended_sessions (ended_at);
