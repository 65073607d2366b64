-- Orders that nobody could be given, and to whom they were offered since (DSP-05, DSP-09, DSP-10; decision 0014).

-- Nobody fitted when it was dispatched; it counts while the order waits in that generation.
create table nobody_fitted (
  order_id   text not null,
  generation integer not null,
  team       text not null,
  since      timestamptz not null default now(),
  primary key (order_id, generation)
);

-- One offer for each order and person; '' = the operators were told that nobody of the pool took it.
create table offer (
  order_id   text not null,
  generation integer not null,
  person     text not null, -- usr_…
  offered_at timestamptz not null default now(),
  primary key (order_id, generation, person)
);
create index work_order_waiting on work_order (received_at)
  where stage = 'dispatch' and assignee is null and closed_at is null;
