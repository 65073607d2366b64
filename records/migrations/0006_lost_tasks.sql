-- Events decided by a task of the engine that was lost before the engine had heard of them.
--
--   decide → record (committed) → the task completes: the decision stands in the history
--                               → the worker dies first: the engine asks again, later, and something else is decided
--
-- What the lost task wrote was answered to nobody. It gives way to what the history holds, and is kept here for ever.
create table work_order_event_lost (
  order_id    text not null,
  seq         bigint not null,
  type        text not null,
  at          timestamptz not null,
  recorded_at timestamptz not null,
  body        bytea not null,
  hash        bytea not null,
  lost_at     timestamptz not null default now(),
  primary key (order_id, seq, hash)
);
create trigger work_order_event_lost_rows before update or delete on work_order_event_lost
  for each row execute function refuse_change();
create trigger work_order_event_lost_whole before truncate on work_order_event_lost
  for each statement execute function refuse_change();
alter table work_order_event_lost enable always trigger work_order_event_lost_rows;
alter table work_order_event_lost enable always trigger work_order_event_lost_whole;

-- An event leaves its chain only after it was put aside, and never changes.
create function refuse_change_unless_lost() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (
    select from work_order_event_lost as lost
    where (lost.order_id, lost.seq, lost.hash, lost.body) = (old.order_id, old.seq, old.hash, old.body)
  ) then
    return old;
  end if;
  raise exception 'append only: %', tg_table_name using errcode = 'HY001';
end
$$;
drop trigger work_order_event_rows on work_order_event;
create trigger work_order_event_rows before update or delete on work_order_event
  for each row execute function refuse_change_unless_lost();
alter table work_order_event enable always trigger work_order_event_rows;
