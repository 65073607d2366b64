-- In which chain it stands that a notice was queued, and in which what became of it (design 4a.11).
-- null = not yet: the relay writes it at its next look; '' = from before notices had a chain.

alter table notice add column queued_in text default '';
alter table notice alter column queued_in drop default;
alter table notice add column ended_in text default '';
alter table notice alter column ended_in drop default;
create index notice_unchained on notice (created_at, notice_id)
  where queued_in is null or (ended_in is null and (sent_at is not null or dropped_because is not null));
create index notice_queued_in on notice (queued_in) where queued_in <> '';
create index notice_ended_in on notice (ended_in) where ended_in <> '';
