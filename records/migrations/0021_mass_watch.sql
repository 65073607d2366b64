-- Many like matters of one place (INT-12, GRP-04, GRP-05): which orders the relay must look at, and how all are found.

create index work_order_alike on work_order (community, category, building, received_at);

-- An order of a category that may be a mass incident: does its arrival make enough of them for a proposal (GRP-05)?
create table mass_watch (
  order_id   text primary key,
  members    text[],                            -- fixed before the proposal is made, so that a repeat is the same
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,                              -- wo_… of the proposal | none | code of a refusal; null = open
  created_at timestamptz not null default now(),
  done_at    timestamptz
);
create index mass_watch_open on mass_watch (try_at) where outcome is null;
