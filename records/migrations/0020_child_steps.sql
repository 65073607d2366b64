-- What a confirmed incident does to its children, one step after the other: solved with it, told by its mass notice
-- (GRP-06, decision 0010).
--
--   parent: handled, or a mass notice given → child_step, one for each child → command to each of them, a few at once
--   child that joins later → child_step, for what the parent has done before

create table child_step (
  incident   text not null,
  seq        bigint not null,                   -- of the parent's event; a child takes its steps in this order
  child      text not null,
  command    text not null,                     -- solve_together | give_feedback
  said       jsonb not null,                    -- what the command says; words as ids of the parent's texts
  message_id text,                              -- of a mass notice: the message to the child's owner
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,                              -- done | code of a refusal; null = open
  created_at timestamptz not null default now(),
  done_at    timestamptz,
  primary key (incident, seq, child)
);
create index child_step_open on child_step (try_at) where outcome is null;
create index child_step_waits on child_step (child, seq) where outcome is null;

-- Incidents whose cause is dealt with: they end when their children have.
create index work_order_solved on work_order (order_id)
  where incident = order_id and stage = 'feedback' and closed_at is null;
