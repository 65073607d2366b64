-- name: lock_migrations()^
-- Waits until no other process migrates; the lock goes with the session, so a killed process leaves none behind.
select pg_advisory_lock(7241983001);

-- name: have_schema#
-- Makes the place where tables are made, should it be lost with them.
do $$ begin if to_regnamespace('public') is null then create schema public; end if; end $$;
