-- The settings of the communities as they were loaded, version after version: which people, teams, shifts and absences
-- held at an instant has one answer for ever (docs/decisions/0015). Residents are no part of it: see 0018.

create table settings_version (
  number    bigint primary key,                  -- 1, 2, 3 …
  digest    text not null,                       -- SHA-256 (hex) of body
  roster    text not null,                       -- digest of the staff table, as decisions to dispatch keep it (DSP-14)
  body      text not null,                       -- canonical JSON of the settings, without residents
  file      text not null,                       -- name of the file it came from
  loaded_by text not null,                       -- usr_…
  loaded_at timestamptz not null default clock_timestamp()  -- in force from then on, until the next one
);
create index settings_version_at on settings_version (loaded_at);
create index settings_version_roster on settings_version (roster);

create trigger settings_version_rows before update or delete on settings_version
  for each row execute function refuse_change();
create trigger settings_version_whole before truncate on settings_version
  for each statement execute function refuse_change();
alter table settings_version enable always trigger settings_version_rows;
alter table settings_version enable always trigger settings_version_whole;
