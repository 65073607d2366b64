-- name: lock_migrations()^
-- Waits until no other process migrates; the lock goes with the session, so a killed process leaves none behind.
select pg_advisory_lock(7241983001);
