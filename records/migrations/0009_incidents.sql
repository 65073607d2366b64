-- Incidents (群发事件): which orders are children of which, and what the relay carries between them (decision 0010).
--
--   child: breached, stopped, attached or taken out → child_report → batches of one incident → command to the parent
--   parent: confirmed → incident_joining, one for each member → command to each of them, a few at once

alter table work_order add column incident text;  -- the incident an order belongs to; a parent belongs to its own
create index work_order_incident on work_order (incident, order_id) where incident is not null;

-- What an incident is to hear of one event of one of its children: open, tried until its outcome is known (ESC-13).
create table child_report (
  child      text not null,
  seq        bigint not null,                   -- of the child's event
  incident   text not null,
  clocks     jsonb not null,                    -- list of domain.child_clock.ChildClock
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,                              -- done | code of a refusal; null = open
  created_at timestamptz not null default now(),
  done_at    timestamptz,
  primary key (child, seq)
);
create index child_report_open on child_report (try_at) where outcome is null;

-- A member of a proposal that is to be attached, because a person confirmed the incident (GRP-05).
create table incident_joining (
  incident   text not null,
  child      text not null,
  tries      integer not null default 0,
  try_at     timestamptz not null default now(),
  outcome    text,                              -- done | code of a refusal; null = open
  created_at timestamptz not null default now(),
  done_at    timestamptz,
  primary key (incident, child)
);
create index incident_joining_open on incident_joining (try_at) where outcome is null;
