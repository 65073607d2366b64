-- name: loads_of(staff)
-- How many orders each of these holds or is about to be given, and when each was last given one; actions kept tell for
-- as long as keys are kept.
with given as (
  select assignee as person, count(*) as orders from work_order
  where assignee = any(:staff::text[]) and closed_at is null and stage in ('dispatch', 'handling')
  group by assignee
  union all
  select receiver, count(*) from work_order
  where receiver = any(:staff::text[]) and closed_at is null and stage in ('dispatch', 'handling')
  group by receiver
  union all
  select claim.person, count(*) from open_claim() as claim
  where claim.person = any(:staff::text[]) and not exists (
    select from work_order as known
    where known.order_id = claim.order_id and claim.person in (known.assignee, known.receiver)
  )
  group by claim.person
),
counted as (select person, sum(orders)::integer as open from given group by person)
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
  select from open_claim() as waits where (waits.person, waits.order_id) = (mine.person, mine.order_id)
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

-- name: add_nobody_fitted(order_id, generation, team)$
-- Notes that nobody could be given an order; answers nothing when it was known.
insert into nobody_fitted (order_id, generation, team) values (:order_id, :generation, :team)
on conflict (order_id, generation) do nothing
returning order_id;

-- name: waiting_orders(communities, pools, count)
-- Orders that somebody may take: nobody fitted when they were dispatched, or their category belongs to a pool; the oldest
-- first. `since`: when they came to the operators.
select known.order_id, nobody_fitted.team, (
  select max(event.at) from work_order_event as event
  where event.order_id = known.order_id
    and event.type in ('work_order.registered', 'work_order.returned', 'work_order.reopened', 'work_order.incident_confirmed')
) as since
from work_order as known
left join nobody_fitted using (order_id, generation)
where known.stage = 'dispatch' and known.assignee is null and known.closed_at is null and not known.is_test
  and known.community = any(:communities::text[])
  and (nobody_fitted.order_id is not null or known.category = any(:pools::text[]))
order by known.received_at, known.order_id
limit :count;

-- name: came_to_operators(order_id)$
-- When an order came to the operators last.
select max(at) from work_order_event
where order_id = :order_id
  and type in ('work_order.registered', 'work_order.returned', 'work_order.reopened', 'work_order.incident_confirmed');

-- name: offered_team(order_id, generation, person)$
-- For which team an order was offered to somebody.
select nobody_fitted.team
from offer join nobody_fitted using (order_id, generation)
where order_id = :order_id and generation = :generation and person = :person;

-- name: standing_offers()
-- Who has an offer of an order that still waits.
select distinct offer.person
from offer join work_order as known using (order_id, generation)
where known.stage = 'dispatch' and known.assignee is null and known.closed_at is null;

-- name: add_offer(order_id, generation, person)$
-- Notes an offer; answers nothing when there was one.
insert into offer (order_id, generation, person) values (:order_id, :generation, :person)
on conflict (order_id, generation, person) do nothing
returning person;

-- name: withdraw_offers(order_id, generation, persons)
-- Takes offers back, and their messages as far as none has left; answers who had one.
with gone as (
  delete from offer
  where order_id = :order_id and generation = :generation and person = any(:persons::text[])
  returning person
),
unsaid as (
  update notice set dropped_because = 'withdrawn'
  from gone
  where notice.order_id = :order_id and notice.person = gone.person and notice.body ->> 'topic' in ('offer', 'in_pool')
    and notice.released_at is null and notice.sent_at is null and notice.dropped_because is null
)
select person from gone;

-- name: former_assignee(order_id)$
-- Who had an order before it was reopened last; nobody once it was given to somebody since.
with again as (
  select max(seq) as seq from work_order_event where order_id = :order_id and type = 'work_order.reopened'
)
select convert_from(taken.body, 'UTF8')::jsonb -> 'payload' ->> 'assignee'
from work_order_event as taken, again
where taken.order_id = :order_id and taken.seq < again.seq
  and taken.type in ('work_order.accepted', 'work_order.grabbed')
  and not exists (
    select from work_order_event as later
    where later.order_id = :order_id and later.seq > again.seq
      and later.type in ('work_order.dispatched', 'work_order.grabbed')
  )
order by taken.seq desc
limit 1;
