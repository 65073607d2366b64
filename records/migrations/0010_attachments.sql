-- Photos and recordings of an order, under the key of the person who reported it: erased with it (INT-19, A2).

create table attachment (
  order_id   text not null,
  digest     text not null,                     -- SHA-256 (hex) of the content as it is kept; histories hold this alone
  key_digest bytea not null,                    -- the intake or the action that brought it
  subject_id text not null references subject,
  community  text not null,
  media_type text not null,
  size       integer not null,                  -- bytes
  sealed     bytea not null,                    -- 12-byte nonce ‖ AES-256-GCM
  created_at timestamptz not null default now(),
  primary key (order_id, digest, key_digest)
);
alter table attachment alter column sealed set storage external; -- sealed bytes can't be made smaller
create index attachment_subject on attachment (subject_id);
create index attachment_key on attachment (key_digest);
