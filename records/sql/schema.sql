-- name: lost_tables(names, unfilled)
-- Which of these tables and sequences are not there, or were made again and wait to be filled, in their order.
select told.name
from unnest(:names::text[]) with ordinality as told (name, place)
where to_regclass(told.name) is null or obj_description(to_regclass(told.name), 'pg_class') = :unfilled
order by told.place;

-- name: was_migrated()$
-- Whether this database has ever had a migration.
select to_regclass('_yoyo_migration') is not null;

-- name: applied()
-- Which migrations this database has had.
select migration_id from _yoyo_migration;
