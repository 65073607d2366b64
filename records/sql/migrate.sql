-- name: lock_migrations()^
-- Waits until no other process migrates; the lock goes with the session, so a killed process leaves none behind.
select pg_advisory_lock(7241983001);

-- name: have_schema#
-- Makes the place where tables are made, should it be lost with them.
do $$ begin if to_regnamespace('public') is null then create schema public; end if; end $$;

-- name: have_ledger#
-- Writes again which migrations were applied, should a table of yoyo be lost, which applies them: its list and its log
-- tell the same. The tables are those of its internal version 2.
do $$ begin
  if to_regclass('_yoyo_migration') is null and to_regclass('_yoyo_log') is not null then
    create table _yoyo_migration (
      migration_hash varchar(64) primary key, migration_id varchar(255), applied_at_utc timestamp
    );
    insert into _yoyo_migration
    select distinct on (migration_hash) migration_hash, migration_id, created_at_utc
    from _yoyo_log
    where operation in ('apply', 'mark')
    order by migration_hash, created_at_utc desc;
  end if;
  if to_regclass('_yoyo_log') is null and to_regclass('_yoyo_migration') is not null then
    create table _yoyo_log (
      id varchar(36) primary key, migration_hash varchar(64), migration_id varchar(255), operation varchar(10),
      username varchar(255), hostname varchar(255), comment varchar(255), created_at_utc timestamp
    );
    insert into _yoyo_log (id, migration_hash, migration_id, operation, created_at_utc)
    select gen_random_uuid()::text, migration_hash, migration_id, 'mark', applied_at_utc from _yoyo_migration;
  end if;
  if to_regclass('_yoyo_version') is null and to_regclass('_yoyo_migration') is not null then
    create table _yoyo_version (version int primary key, installed_at_utc timestamp);
    insert into _yoyo_version values (2, now() at time zone 'utc');
  end if;
end $$;
