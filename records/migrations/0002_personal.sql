-- Personal data: only here, only sealed (specs/privacy_audit.md A1, A2).
--
--   KEK (key file, outside the database)  →  wraps the DEK of each subject  →  seals contacts and texts
--                                         →  wraps the index key of each community  →  blinds phone numbers
--
-- Erasing a subject = its row in subject_key is deleted; what it sealed can never be read again.

-- A natural person as we know him: an opaque id within one community.
create table subject (
  subject_id text primary key,                  -- sub_…
  community  text not null,
  created_at timestamptz not null default now(),
  erased_at  timestamptz
);

-- The subject's own 256-bit key, wrapped. Its backups live shorter than all others (A2).
create table subject_key (
  subject_id text primary key references subject,
  kek_id     text not null,
  wrapped    bytea not null                     -- 12-byte nonce ‖ AES-256-GCM, bound to table and id
);
create index subject_key_kek on subject_key (kek_id);

-- The community's key for blind indexes, wrapped the same way.
create table community_key (
  community text primary key,
  kek_id    text not null,
  wrapped   bytea not null
);

-- Name, phone, address, room … as given with one order.
create table pii_contact (
  contact_id text primary key,                  -- con_…
  subject_id text not null references subject,
  community  text not null,
  order_id   text not null,
  field      text not null,                     -- name | phone | address | room | external_note | …
  sealed     bytea not null                     -- 12-byte nonce ‖ AES-256-GCM(32-byte salt ‖ words)
);
create index pii_contact_order on pii_contact (order_id);
create index pii_contact_subject on pii_contact (subject_id);

-- Finds a subject by what he is known by, without holding it: HMAC-SHA256(community's index key, normalised value).
create table contact_index (
  community  text not null,
  field      text not null,
  blind      bytea not null,
  subject_id text not null references subject deferrable initially deferred, -- claimed first, then made
  primary key (community, field, blind)
);
create index contact_index_subject on contact_index (subject_id);

-- Words: complaints, feedback, reasons, notes. Histories hold text_id and digest only.
create table pii_text (
  text_id    text primary key,                  -- txt_…
  order_id   text not null,
  subject_id text not null references subject,
  community  text not null,
  field      text not null,                     -- text | reason | note | …
  sealed     bytea not null,
  digest     text not null,                     -- hex HMAC-SHA256(salt, words); the salt is inside the seal
  key_digest bytea,                             -- the action that brought it; null = the intake
  kept       boolean not null default false,    -- an event refers to it; until then a refusal deletes it
  created_at timestamptz not null default now()
);
create index pii_text_order on pii_text (order_id);
create index pii_text_subject on pii_text (subject_id);
create index pii_text_loose on pii_text (key_digest) where not kept;
