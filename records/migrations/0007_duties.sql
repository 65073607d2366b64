-- Every duty of an order beside its row, so that one question tells who owes what by when (`huiyin duties`).
--
-- A list, the most urgent first: clock, generation, turn, accountable (role), due_at, provisional, suspended, breached,
-- level. Rows written before this migration have none until their next event; `huiyin reconcile --rebuild` fills them in.

alter table work_order add column duties jsonb not null default '[]';
