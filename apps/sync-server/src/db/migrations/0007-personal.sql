-- What is one agent's own: drafts, read marks, stars and the like. It comes down to that agent alone.
create table personal (
  id text primary key,
  agent_id text not null references agents (id),
  kind text not null,
  updated_at bigint not null,
  doc jsonb not null
);
create index personal_agent on personal (agent_id, kind);
