-- name: try_lock_ledger(community)$
-- Whether the ledger of a community is this transaction's to change, until it ends.
select pg_try_advisory_xact_lock(hashtextextended('huiyin:ledger:' || :community, 4));

-- name: ledger_number(community)$
-- Number of the last load that changed the ledger of a community; 0 when there was none.
select coalesce(max(number), 0) from ledger_load where community = :community;

-- name: ledger_rooms(community)
-- Every room of a community.
select room from ledger_room where community = :community;

-- name: ledger_marks(community)
-- Everybody in the ledger of a community, with the mark of what is sealed of him.
select room, person, mark from ledger_resident where community = :community;

-- name: change_residents(community, rooms, persons, subject_ids, marks, seals)!
-- What is said of these residents now.
update ledger_resident as known
set subject_id = said.subject_id, mark = said.mark, sealed = said.sealed
from unnest(:rooms::bytea[], :persons::bytea[], :subject_ids::text[], :marks::bytea[], :seals::bytea[])
  as said (room, person, subject_id, mark, sealed)
where known.community = :community and known.room = said.room and known.person = said.person;

-- name: remove_residents(community, rooms, persons)!
-- These residents live there no more.
delete from ledger_resident as known
using unnest(:rooms::bytea[], :persons::bytea[]) as gone (room, person)
where known.community = :community and known.room = gone.room and known.person = gone.person;

-- name: add_ledger_load(community, digest, file, loaded_by, rooms, added, changed, removed)!
-- Notes a load that changed something.
insert into ledger_load (community, digest, file, loaded_by, rooms, added, changed, removed)
values (:community, :digest, :file, :loaded_by, :rooms, :added, :changed, :removed);

-- name: residents_of_subject(subject_id)
-- What the ledger says of a person, sealed, with his key: a line for each room.
select known.community, known.room, known.person, known.subject_id, known.sealed, key.kek_id, key.wrapped
from ledger_resident as known
join subject_key as key using (subject_id)
where known.subject_id = :subject_id
order by known.community, known.room;

-- name: residents_of_room(community, room)
-- Everybody who lives in a room, sealed, with their keys.
select known.community, known.room, known.person, known.subject_id, known.sealed, key.kek_id, key.wrapped
from ledger_resident as known
join subject_key as key using (subject_id)
where known.community = :community and known.room = :room
order by known.person;
