-- name: lock_settings()^
-- Lets loads of settings in one after another, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended('huiyin:settings', 3));

-- name: settings_number()$
-- Number of the version in force; null when none was ever loaded.
select max(number) from settings_version;

-- name: settings_newest()^
-- The version in force.
select number, digest, roster, file, loaded_by, loaded_at, body from settings_version order by number desc limit 1;

-- name: settings_at(at)^
-- The version that was in force at an instant.
select number, digest, roster, file, loaded_by, loaded_at, body
from settings_version
where loaded_at <= :at
order by number desc
limit 1;

-- name: settings_by_roster(roster)^
-- The newest version with this staff table.
select number, digest, roster, file, loaded_by, loaded_at, body
from settings_version
where roster = :roster
order by number desc
limit 1;

-- name: settings_first_at()$
-- Since when versions are kept; null when none was ever loaded.
select min(loaded_at) from settings_version;

-- name: add_settings(digest, roster, body, file, loaded_by)^
-- One more version, in force from now on.
insert into settings_version (number, digest, roster, body, file, loaded_by)
select coalesce(max(number), 0) + 1, :digest, :roster, :body, :file, :loaded_by from settings_version
returning number, digest, roster, file, loaded_by, loaded_at, body;
