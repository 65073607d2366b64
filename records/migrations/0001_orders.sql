-- Orders as lists show them, and the chain of events that proves them.
--
--   intake (seq 0)  →  record(batch) … record(batch)  →  closed_at set  →  the process ends
--
-- Everything here except `external_*`, `flags` and `is_test` can be rebuilt from the histories. No personal data.

-- Numbers of orders: wo_10000001, wo_10000002 …
create sequence order_number start 10000001;

-- What every append-only table answers to a change. HY001 is ours: records/errors.py knows it.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'append only: %', tg_table_name using errcode = 'HY001';
end
$$;

-- One row per order: its state after event `seq` (0 = received, its process not heard of yet).
create table work_order (
  order_id            text primary key,
  seq                 bigint not null,          -- guards order: an older batch never overwrites a newer row
  head                text,                     -- hash (hex) of event `seq`; null while seq is 0
  community           text not null,
  stage               text not null,            -- domain.vocabulary.Stage
  version             integer not null,         -- rises by one with each accepted command
  generation          integer not null,         -- rises with each reopening
  kind                text not null,
  category            text not null,
  severity            text not null,
  channel             text not null,
  building            text,                     -- never the room
  received_at         timestamptz not null,     -- when the words reached us; the clocks of reception count from here
  first_contact       text,                     -- usr_…
  team                text,
  assignee            text,                     -- usr_…
  next_due_clock      text,                     -- the running clock that falls due first
  next_due_at         timestamptz,
  breaches            integer not null,
  level               integer not null,         -- highest ladder level reached by a clock that still runs
  urges               integer not null,
  closed_at           timestamptz,              -- null = open
  close_reason        text,
  external_id         text,                     -- number in the system it was imported from
  external_created_at timestamptz,              -- INT-24
  flags               text[] not null default '{}',
  is_test             boolean not null default false -- left out of every figure
) with (fillfactor = 80);

-- The operators' lists: what falls due first, first; orders without a running clock last.
create index work_order_open on work_order
  (community, coalesce(next_due_at, 'infinity'), order_id) where closed_at is null;
create index work_order_open_stage on work_order
  (community, stage, coalesce(next_due_at, 'infinity'), order_id) where closed_at is null;
create index work_order_all on work_order
  (community, coalesce(next_due_at, 'infinity'), order_id);
create index work_order_external on work_order (community, external_id) where external_id is not null;

-- The chain of an order: written by its workflow alone, never changed.
create table work_order_event (
  order_id    text not null,
  seq         bigint not null check (seq > 0),   -- 1.. contiguous
  type        text not null,                     -- work_order.feedback_given
  at          timestamptz not null,              -- when it happened
  recorded_at timestamptz not null,              -- when the engine heard of it
  body        bytea not null,                    -- canonical JSON (RFC 8785), the very bytes that are hashed
  hash        bytea not null check (octet_length(hash) = 32), -- SHA-256(previous hash ‖ body)
  primary key (order_id, seq)
);

-- Also the guard of the chain: another event for a written (order_id, seq) becomes an update and is refused here.
create trigger work_order_event_rows before update or delete on work_order_event
  for each row execute function refuse_change();
create trigger work_order_event_whole before truncate on work_order_event
  for each statement execute function refuse_change();
alter table work_order_event enable always trigger work_order_event_rows;
alter table work_order_event enable always trigger work_order_event_whole;

-- Something the relay must carry to somebody; opened with the event that caused it, done when carried.
create table outbox (
  order_id   text not null,
  seq        bigint not null,                   -- of the event that caused it
  topic      text not null,
  body       jsonb not null,                    -- ids and codes only
  created_at timestamptz not null default now(),
  done_at    timestamptz,                       -- null = open
  primary key (order_id, seq, topic)
);
create index outbox_open on outbox (created_at, order_id, seq) where done_at is null;

-- One message to one person: queued, then sent or dropped. A repeat carries the same notice id.
create table notice (
  notice_id       text primary key,
  order_id        text not null,
  seq             bigint not null,
  person          text not null,                -- usr_… or sub_…
  role            text not null,
  channel         text not null,
  body            jsonb not null,               -- template, ids, roster version and reasons; no personal data
  created_at      timestamptz not null default now(),
  sent_at         timestamptz,
  dropped_because text                          -- code
);
create index notice_order on notice (order_id, created_at);
create index notice_open on notice (created_at) where sent_at is null and dropped_because is null;
