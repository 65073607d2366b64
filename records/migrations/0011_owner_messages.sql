-- Messages to owners: by one channel after the other until one carries them, each try noted (FBK-04).
--
--   queued → due_at over (contact hours, FBK-05) → tried → sent_at, by sent_by → confirmed_at: its order knows of it
--                                                → tried by the next channel → … → given_up_at

create table owner_message (
  message_id   text primary key,                -- msg_…
  order_id     text not null,
  topic        text not null,                   -- result | plan | progress | callback_link
  channels     text[] not null,                 -- in the order in which they are tried
  style        text not null,                   -- domain.vocabulary.Style
  promise_kept boolean,                         -- of a result; null = none was made
  key_digest   bytea references action,         -- the command that is given once it has arrived; null = none is
  due_at       timestamptz not null,
  created_at   timestamptz not null default now(),
  sent_at      timestamptz,
  sent_by      text,
  given_up_at  timestamptz,
  confirmed_at timestamptz,
  outcome      text                             -- of the command: done | code of its refusal; settled = nobody waits for it any more
);
create index owner_message_due on owner_message (due_at) where sent_at is null and given_up_at is null;
create index owner_message_to_confirm on owner_message (sent_at) where key_digest is not null and confirmed_at is null;
create index owner_message_order on owner_message (order_id);
create index owner_message_key on owner_message (key_digest);

create table owner_message_try (
  message_id text not null references owner_message,
  number     integer not null,
  channel    text not null,
  tried_at   timestamptz not null default now(),
  failed     text,                              -- code; null = it was handed over
  primary key (message_id, number)
);

-- What opens an order's callback to its household: the digest of a token that stands in a message only (CBK-06).
create table callback_link (
  digest     bytea primary key,                 -- SHA-256
  order_id   text not null,
  created_at timestamptz not null default now()
);
