-- The house ledger (房屋台账): rooms and who lives there. What is said of a person is sealed under the
-- key that seals his words, so that erasing him erases it; rooms are found by blind indexes (privacy_audit A1, A2).

create table ledger_room (
  community text not null,
  room      bytea not null,                      -- HMAC-SHA256(community's index key, "room:" ‖ number)
  primary key (community, room)
);

create table ledger_resident (
  community  text not null,
  room       bytea not null,
  person     bytea not null,                     -- HMAC of "name:" ‖ name, of somebody without one "phone:" ‖ number
  subject_id text not null references subject,   -- the person his phone number makes him: the reporter of his orders
  mark       bytea not null,                     -- HMAC of what is sealed: tells a changed line from an unchanged one
  sealed     bytea not null,                     -- 12-byte nonce ‖ AES-256-GCM(canonical JSON of the line)
  primary key (community, room, person)
);
create index ledger_resident_subject on ledger_resident (subject_id);

-- Each load of the ledger that changed something: what it came from, and the guard against two at once.
create table ledger_load (
  number    bigint generated always as identity primary key,
  community text not null,
  digest    text not null,                       -- SHA-256 (hex) of the file
  file      text not null,
  loaded_by text not null,                       -- usr_…
  loaded_at timestamptz not null default clock_timestamp(),
  rooms     integer not null,                    -- new
  added     integer not null,                    -- residents
  changed   integer not null,
  removed   integer not null
);
create index ledger_load_community on ledger_load (community, number);
