-- name: add_report(child, seq, incident, clocks)!
-- Opens what an incident is to hear of a child's event; a repeat does nothing.
insert into child_report (child, seq, incident, clocks)
values (:child, :seq, :incident, :clocks)
on conflict (child, seq) do nothing;

-- name: claim_reports(count)
-- Open reports to one incident, the longest due first, put off for whoever else looks: a second, then twice as long.
update child_report as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select child, seq from child_report
  where outcome is null and try_at <= now() and incident = (
    select incident from child_report where outcome is null and try_at <= now() order by try_at, child, seq limit 1
  )
  order by child, seq
  limit :count
  for update skip locked
) as next
where (mine.child, mine.seq) = (next.child, next.seq)
returning mine.child, mine.seq, mine.incident, mine.clocks;

-- name: end_report(child, seq, outcome)!
-- What became of a report; the first outcome stands.
update child_report set outcome = :outcome, done_at = now() where child = :child and seq = :seq and outcome is null;

-- name: add_joining(incident, child)!
-- Opens the attachment of a member; a repeat does nothing.
insert into incident_joining (incident, child) values (:incident, :child) on conflict (incident, child) do nothing;

-- name: claim_joinings(count)
-- Members to be attached now, put off for whoever else looks.
update incident_joining as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select incident, child from incident_joining
  where outcome is null and try_at <= now()
  order by try_at, incident, child
  limit :count
  for update skip locked
) as next
where (mine.incident, mine.child) = (next.incident, next.child)
returning mine.incident, mine.child, mine.outcome;

-- name: end_joining(incident, child, outcome)!
-- What became of an attachment; the first outcome stands.
update incident_joining set outcome = :outcome, done_at = now()
where incident = :incident and child = :child and outcome is null;

-- name: joinings_of_incident(incident)
-- The members that an incident was confirmed with, and what became of each.
select incident, child, outcome from incident_joining where incident = :incident order by child;

-- name: children_of_incident(incident)
-- The children of an incident, by number.
select * from work_order where incident = :incident and order_id <> :incident order by order_id;
