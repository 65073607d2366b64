-- name: loads_of(staff)
-- How many orders each of these holds or is about to be given, and when each was last given one; actions kept tell for
-- as long as keys are kept.
with given as (
  select assignee as person, order_id from work_order
  where assignee = any(:staff::text[]) and closed_at is null and stage in ('dispatch', 'handling')
  union all
  select receiver, order_id from work_order where receiver = any(:staff::text[]) and closed_at is null
  union all
  select claim.person, claim.order_id from open_claim as claim
  where claim.person = any(:staff::text[]) and not exists (
    select from work_order as known
    where known.order_id = claim.order_id and claim.person in (known.assignee, known.receiver)
  )
),
counted as (select person, count(*)::integer as open from given group by person)
select
  asked.staff,
  coalesce(counted.open, 0) as open,
  (
    select max(answered_at) from action
    where envelope -> 'payload' ->> 'assignee' = asked.staff
      and command in ('dispatch', 'transfer') and answer ? 'version'
  ) as given_at
from unnest(:staff::text[]) as asked (staff)
left join counted on counted.person = asked.staff;

-- name: lock_person(person)^
-- Lets those who give something to one person in one after another, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(:person, 2));

-- name: free_claims(person)!
-- Forgets claims of which the record knows what came of them.
delete from load_claim as mine
where person = :person and not exists (
  select from open_claim as waits where (waits.person, waits.order_id) = (mine.person, mine.order_id)
);

-- name: held_by(person, order_id)$
-- How many other orders somebody holds or is about to be given.
select count(*)::integer
from (
  select order_id from work_order
  where :person in (assignee, receiver) and closed_at is null and stage in ('dispatch', 'handling')
  union
  select order_id from load_claim where person = :person
) as given
where order_id <> :order_id;

-- name: add_claim(person, order_id, key_digest)!
-- Keeps a place for an order.
insert into load_claim (person, order_id, key_digest) values (:person, :order_id, :key_digest)
on conflict (person, order_id) do update set key_digest = excluded.key_digest, claimed_at = excluded.claimed_at;

-- name: drop_claim(key_digest)!
-- Gives a place up: the command was refused.
delete from load_claim where key_digest = :key_digest;

-- name: last_given(team)$
-- To whom a team's last order was dispatched.
select envelope -> 'payload' ->> 'assignee'
from action
where envelope -> 'payload' ->> 'team' = :team and command = 'dispatch' and answer ? 'version'
order by answered_at desc
limit 1;

-- name: handlers_at(community, building)
-- Who held closed orders of a building.
select distinct assignee
from work_order
where community = :community and building = :building and closed_at is not null and assignee is not null;
