-- Cases that are one matter (归并): one goes on with the work, the other's reporter is answered all the same (GRP-01).
--
--   asked for → order_merge → absorb at the survivor → merge at the duplicate (refused: unmerge at the survivor) → done
--   undone at the duplicate → order_unmerge → unmerge at the survivor

alter table work_order add column merged_into text;  -- the order that goes on with the work
create index work_order_merged on work_order (merged_into, order_id) where merged_into is not null;

create table order_merge (
  number     bigint generated always as identity primary key,
  key_digest bytea not null unique,             -- of whoever asks: a repetition finds what came of it
  duplicate  text not null,
  survivor   text not null,
  absorb     jsonb not null,                    -- what is said to the survivor
  merge      jsonb not null,                    -- what is said to the duplicate
  actor      text not null,
  roles      text[] not null,
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,                              -- done | code of a refusal; null = open
  created_at timestamptz not null default now(),
  done_at    timestamptz
);
create index order_merge_open on order_merge (try_at) where outcome is null;

create table order_unmerge (
  duplicate  text not null,
  seq        bigint not null,                   -- of the duplicate's event
  survivor   text not null,
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,
  created_at timestamptz not null default now(),
  done_at    timestamptz,
  primary key (duplicate, seq)
);
create index order_unmerge_open on order_unmerge (try_at) where outcome is null;
