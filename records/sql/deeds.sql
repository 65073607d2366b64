-- name: add_deed(order_id, seq, action, facts)!
-- Opens what a level does; a repeat does nothing.
insert into ladder_deed (order_id, seq, action, facts)
values (:order_id, :seq, :action, :facts)
on conflict (order_id, seq) do nothing;

-- name: claim_deed()^
-- The open deed whose turn it is, put off for whoever else looks: a second, then twice as long, half a minute at most.
update ladder_deed as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select order_id, seq from ladder_deed
  where outcome is null and try_at <= now()
  order by try_at, order_id, seq
  limit 1
  for update skip locked
) as next
where (mine.order_id, mine.seq) = (next.order_id, next.seq)
returning
  mine.order_id, mine.seq, mine.action, mine.facts, mine.said, mine.tries, mine.outcome, mine.told, mine.created_at,
  mine.done_at;

-- name: fix_deed(order_id, seq, said)!
-- Fixes the command of a deed before it is given, or lets it be chosen anew (null).
update ladder_deed set said = :said where order_id = :order_id and seq = :seq and outcome is null;

-- name: end_deed(order_id, seq, outcome, told)!
-- What became of a deed; the first outcome stands.
update ladder_deed set outcome = :outcome, told = :told, done_at = now()
where order_id = :order_id and seq = :seq and outcome is null;

-- name: deeds_of_order(order_id)
-- What the ladders of an order have done, in the order of the levels.
select order_id, seq, action, facts, said, tries, outcome, told, created_at, done_at
from ladder_deed
where order_id = :order_id
order by seq;
