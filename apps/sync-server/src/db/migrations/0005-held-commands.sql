-- Causal send (R10): `createdSeq` of the newest message that the author of a reply or note had seen, 0 for an empty thread.
-- Null: he did not say, and nothing is checked.
alter table commands add column seen_seq bigint;
-- What a held command asked for, as it came: carried out when it need not wait any more. Null once it is answered.
alter table commands add column input jsonb;
-- The held command that this one waits for.
alter table commands add column held_for text;
create index commands_held_for on commands (held_for) where held_for is not null;
