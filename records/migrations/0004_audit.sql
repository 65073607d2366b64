-- Chains beside the orders' own: refusals, reads of personal data, notices; one per kind, community and day.
create table audit_event (
  chain text not null,                          -- refusals:jinxiu:2026-03-01
  seq   bigint not null check (seq > 0),        -- 1.. contiguous
  at    timestamptz not null,
  body  bytea not null,                         -- canonical JSON, the very bytes that are hashed
  hash  bytea not null check (octet_length(hash) = 32),
  primary key (chain, seq)
);

create trigger audit_event_rows before update or delete on audit_event
  for each row execute function refuse_change();
create trigger audit_event_whole before truncate on audit_event
  for each statement execute function refuse_change();
alter table audit_event enable always trigger audit_event_rows;
alter table audit_event enable always trigger audit_event_whole;
