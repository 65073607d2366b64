-- name: claim_contact(community, field, blind, subject_id)$
-- Claims a blinded value for a subject not made yet, or answers whose it is already; waits for a claim in flight.
insert into contact_index as known (community, field, blind, subject_id)
values (:community, :field, :blind, :subject_id)
on conflict (community, field, blind) do update set subject_id = known.subject_id
returning subject_id;

-- name: find_contact(community, field, blind)$
-- Whose blinded value this is.
select subject_id from contact_index where community = :community and field = :field and blind = :blind;

-- name: claim_contacts(community, field, blinds, subject_ids)
-- Claims many blinded values at once, each for a subject not made yet, or answers whose they are; each value once.
insert into contact_index as known (community, field, blind, subject_id)
select :community, :field, blind, subject_id
from unnest(:blinds::bytea[], :subject_ids::text[]) as claim (blind, subject_id)
order by blind
on conflict (community, field, blind) do update set subject_id = known.subject_id
returning blind, subject_id;

-- name: make_subjects(community, subject_ids, kek_ids, wrapped)!
-- Many new subjects with their wrapped keys.
with made as (
  insert into subject (subject_id, community) select subject_id, :community from unnest(:subject_ids::text[]) as one (subject_id)
)
insert into subject_key (subject_id, kek_id, wrapped)
select subject_id, kek_id, wrapped
from unnest(:subject_ids::text[], :kek_ids::text[], :wrapped::bytea[]) as key (subject_id, kek_id, wrapped);

-- name: subject_keys(subject_ids)
-- The wrapped keys of many subjects; none for one that is erased.
select subject_id, kek_id, wrapped from subject_key where subject_id = any(:subject_ids::text[]);

-- name: make_subject(subject_id, community, kek_id, wrapped)!
-- A new subject with its wrapped key.
with made as (
  insert into subject (subject_id, community) values (:subject_id, :community)
)
insert into subject_key (subject_id, kek_id, wrapped) values (:subject_id, :kek_id, :wrapped);

-- name: make_subject_again(subject_id, community, kek_id, wrapped)!
-- A subject that the record has lost, with a new key; one that it knows, erased or not, stays as it is.
with made as (
  insert into subject (subject_id, community) values (:subject_id, :community)
  on conflict (subject_id) do nothing
  returning subject_id
)
insert into subject_key (subject_id, kek_id, wrapped) select subject_id, :kek_id, :wrapped from made;

-- name: make_subjects_again()!
-- Reporters that were lost with their table.
insert into subject (subject_id, community) select distinct subject_id, community from intake
on conflict (subject_id) do nothing;

-- name: subjects_without_keys()
-- Who has no key though nobody erased him: it was lost with its table.
select subject_id from subject
where erased_at is null and not exists (select from subject_key where subject_key.subject_id = subject.subject_id);

-- name: give_key(subject_id, kek_id, wrapped)!
-- A key for a subject that has none.
insert into subject_key (subject_id, kek_id, wrapped) values (:subject_id, :kek_id, :wrapped);

-- name: subject_key(subject_id)^
-- The wrapped key of a subject; no row once it is erased.
select kek_id, wrapped from subject_key where subject_id = :subject_id;

-- name: keks_in_use()
-- Which KEKs close the keys of this database; the index is walked from one to the next, however many keys there are.
with recursive used as (
  (select min(kek_id) as kek_id from subject_key)
  union all
  select (select min(kek_id) from subject_key where kek_id > used.kek_id) from used where used.kek_id is not null
)
select kek_id from used where kek_id is not null
union
select kek_id from community_key;

-- name: give_up_community_keys(known)!
-- Deletes index keys whose KEK is lost, and what they blinded: no phone number and no room is found by it any more.
with gone as (
  delete from community_key where kek_id <> all(:known::text[]) returning community
), rooms as (
  delete from ledger_room where community in (select community from gone)
), residents as (
  delete from ledger_resident where community in (select community from gone)
)
delete from contact_index where community in (select community from gone);

-- name: subject_keys_lost(known, count)
-- Keys of subjects whose KEK is lost.
select subject_id from subject_key where kek_id <> all(:known::text[]) limit :count for update skip locked;

-- name: delete_sealed(subject_id)!
-- Deletes everything that a subject's key has sealed.
with texts as (
  delete from pii_text where subject_id = :subject_id
), files as (
  delete from attachment where subject_id = :subject_id
), lines as (
  delete from ledger_resident where subject_id = :subject_id
)
delete from pii_contact where subject_id = :subject_id;

-- name: subject_keys_under_others(kek_id, count)
-- Wrapped keys that a rotation has not reached yet.
select subject_id, kek_id, wrapped from subject_key where kek_id <> :kek_id limit :count for update skip locked;

-- name: rewrap_subject_key(subject_id, kek_id, wrapped)!
-- The same key under another KEK.
update subject_key set kek_id = :kek_id, wrapped = :wrapped where subject_id = :subject_id;

-- name: community_key(community)^
-- The wrapped index key of a community.
select kek_id, wrapped from community_key where community = :community;

-- name: make_community_key(community, kek_id, wrapped)^
-- Makes the index key of a community; of several at once the first wins and all get that one.
insert into community_key as known (community, kek_id, wrapped) values (:community, :kek_id, :wrapped)
on conflict (community) do update set kek_id = known.kek_id
returning kek_id, wrapped;

-- name: community_keys_under_others(kek_id)
-- Wrapped index keys that a rotation has not reached yet.
select community, kek_id, wrapped from community_key where kek_id <> :kek_id for update;

-- name: rewrap_community_key(community, kek_id, wrapped)!
-- The same index key under another KEK.
update community_key set kek_id = :kek_id, wrapped = :wrapped where community = :community;
