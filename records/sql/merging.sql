-- name: add_merge(key_digest, duplicate, survivor, absorb, merge, actor, roles)^
-- Writes down that two cases are to be merged; the same key gives what was written first.
with written as (
  insert into order_merge (key_digest, duplicate, survivor, absorb, merge, actor, roles, tries, try_at)
  values (
    :key_digest, :duplicate, :survivor, :absorb, :merge, :actor, :roles::text[], 1, now() + interval '15 seconds'
  )
  on conflict (key_digest) do nothing
  returning number, duplicate, survivor, absorb, merge, actor, roles, outcome
)
select * from written
union all
select number, duplicate, survivor, absorb, merge, actor, roles, outcome from order_merge where key_digest = :key_digest
limit 1;

-- name: merge_of_key(key_digest)^
-- The merge that was asked for under a key.
select number, duplicate, survivor, absorb, merge, actor, roles, outcome from order_merge where key_digest = :key_digest;

-- name: claim_merges(count)
-- Merges to be carried on now, put off for whoever else looks; the door has carried most of them itself.
update order_merge as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select number from order_merge
  where outcome is null and try_at <= now()
  order by number
  limit :count
  for update skip locked
) as next
where mine.number = next.number
returning
  mine.number, mine.duplicate, mine.survivor, mine.absorb, mine.merge, mine.actor, mine.roles, mine.outcome;

-- name: end_merge(number, outcome)!
-- What became of a merge; the first outcome stands.
update order_merge set outcome = :outcome, done_at = now() where number = :number and outcome is null;

-- name: add_unmerge(duplicate, seq, survivor)!
-- Opens what a survivor is to hear of a case that stands alone again.
insert into order_unmerge (duplicate, seq, survivor) values (:duplicate, :seq, :survivor) on conflict do nothing;

-- name: claim_unmerges(count)
-- Survivors to be told now, put off for whoever else looks.
update order_unmerge as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select duplicate, seq from order_unmerge
  where outcome is null and try_at <= now()
  order by try_at, duplicate, seq
  limit :count
  for update skip locked
) as next
where (mine.duplicate, mine.seq) = (next.duplicate, next.seq)
returning mine.duplicate, mine.seq, mine.survivor;

-- name: untold_unmerges(duplicate, survivor)
-- What a survivor has still to hear of a case: opened, or yet in the outbox.
select told.order_id, told.seq, :survivor
from outbox as told
where told.order_id = :duplicate and told.topic = 'stands_alone' and told.body ->> 'survivor' = :survivor
  and not exists (
    select from order_unmerge as one where (one.duplicate, one.seq) = (told.order_id, told.seq) and one.outcome is not null
  )
order by told.seq;

-- name: end_unmerge(duplicate, seq, outcome)!
-- What became of it; the first outcome stands.
update order_unmerge set outcome = :outcome, done_at = now()
where duplicate = :duplicate and seq = :seq and outcome is null;

-- name: merged_into(survivor)
-- The cases merged into an order, by number.
select * from work_order where merged_into = :survivor order by order_id;
