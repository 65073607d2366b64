-- When a message may leave, which digest named it, and what ladders have done beside telling somebody.
--
--   queued → due_at over → released (its delivery runs) → sent
--                        → put off: due_at a minute later → told_by a digest, sent with it (ESC-12)
--                        → held in quiet hours, settled meanwhile: dropped_because (ESC-09)

alter table notice add column not_before timestamptz;              -- end of the quiet hours that hold it; null = none do
alter table notice add column due_at timestamptz not null default now(); -- it may leave from then on
alter table notice add column released_at timestamptz;             -- its delivery was begun
alter table notice add column told_by text references notice;      -- the digest that names it
alter table notice alter column order_id drop not null;            -- a digest is about several orders
alter table notice alter column seq drop not null;
create index notice_due on notice (due_at, notice_id)
  where released_at is null and sent_at is null and dropped_because is null and told_by is null;
create index notice_released on notice (released_at);
create index notice_told_by on notice (told_by) where told_by is not null;

-- What a ladder level does: open, tried until its outcome is known. Once for each event (ESC-06).
create table ladder_deed (
  order_id   text not null,
  seq        bigint not null,                   -- of the level's event
  action     text not null,                     -- domain.vocabulary.LadderAction
  facts      jsonb not null,                    -- clock, generation, turn, level; team and severity as they were
  said       jsonb,                             -- the command, fixed before it is given, so that a repeat gives the same
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,                              -- done | nothing-to-do | code of a refusal; null = open
  told       jsonb,                             -- what was done, or why not; ids and codes only
  created_at timestamptz not null default now(),
  done_at    timestamptz,
  primary key (order_id, seq)
);
create index ladder_deed_open on ladder_deed (try_at) where outcome is null;
