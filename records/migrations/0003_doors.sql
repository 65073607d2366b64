-- What the doors write before and after they speak with a process.

-- One set of terms, once: dossiers and the folding of events find it by the digest that events carry.
create table terms (
  digest text primary key,                      -- SHA-256 (hex) of the canonical JSON
  body   jsonb not null
);

-- A matter received: received  →  started_at set once its process runs. Nothing is lost in between.
create table intake (
  order_id        text primary key,
  key_digest      bytea unique,                 -- of the idempotency key; null once its 90 days are over (INT-11)
  fingerprint     bytea not null,               -- of the content: same key, other content is refused
  community       text not null,
  subject_id      text not null references subject,
  start_input     jsonb not null,               -- the very input of the process
  response_due_at timestamptz,                  -- as told to the caller
  feedback_due_at timestamptz,
  received_at     timestamptz not null,
  created_at      timestamptz not null default now(),
  started_at      timestamptz,
  attempts        integer not null default 0    -- failed starts; the least tried comes first
);
create index intake_unstarted on intake (attempts, created_at) where started_at is null;
create index intake_subject on intake (subject_id);

-- An operator's action: opened  →  answered. A repeat before the answer sends the same envelope once more.
create table action (
  key_digest  bytea primary key,                -- of (tenant, principal, route, key): never the bare key
  order_id    text not null,
  command     text not null,
  actor       text not null,
  fingerprint bytea not null,
  update_id   text not null,                    -- of the workflow update
  envelope    jsonb not null,                   -- ids, codes and digests only
  answer      jsonb,                            -- null = no answer known yet
  created_at  timestamptz not null default now(),
  leased_until timestamptz not null,            -- while it runs, a repeat is told to wait; afterwards it takes over
  answered_at timestamptz
);
create index action_order on action (order_id, created_at);
create index action_created on action (created_at);
