-- Walks of the snapshot's parts (docs/protocol.md, P51): unresolved work, and the rest newest first.
create index conversations_unresolved on conversations (id) where status <> 'resolved';
create index conversations_resolved on conversations (updated_at, id) where status = 'resolved';
create index orders_updated on orders (external_updated_at, id) where not deleted;
create index commands_held on commands (agent_id, id) where status = 'held';
-- Ranges by first position: digests and their repair.
create index change_log_created on change_log (created_seq);

-- What is forgotten after its time.
create index change_log_gone on change_log (seq) where deleted or removed;
create index commands_received on commands (received_at);
-- When old positions were last folded into one: every node looks, one does it.
alter table desk add column log_folded_at bigint not null default 0;

-- The newest restore from a backup: when it was done, and the position and time of the head it went back to.
alter table desk add column restored_at bigint;
alter table desk add column restored_head_seq bigint;
alter table desk add column restored_head_at bigint;
