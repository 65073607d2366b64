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

-- name: proposal_naming(community, category, order_ids)^
-- An incident of a category, proposed for one of these orders, that waits for a word; and for which of them.
select member, parent.order_id
from work_order as parent
join intake using (order_id)
cross join lateral jsonb_array_elements_text(intake.start_input -> 'reception' -> 'members') as named (member)
where parent.community = :community and parent.category = :category and parent.stage = 'intake'
  and parent.incident = parent.order_id and member = any(:order_ids::text[])
order by parent.order_id, member
limit 1;

-- name: children_of_incident(incident)
-- The children of an incident, by number.
select * from work_order where incident = :incident and order_id <> :incident order by order_id;

-- name: open_steps(incident, seq, command, said)!
-- Opens a step for each child of an incident; a mass notice for those whose owners still wait for the result.
-- A repeat does nothing.
insert into child_step (incident, seq, child, command, said)
select :incident, :seq, order_id, :command::text, :said
from work_order
where (incident = :incident or merged_into = :incident) and order_id <> :incident
  and (stage not in ('callback', 'closed') or :command::text <> 'give_feedback')
on conflict (incident, seq, child) do nothing;

-- name: open_step(incident, seq, child, command, said)!
-- Opens one step. A repeat does nothing.
insert into child_step (incident, seq, child, command, said)
values (:incident, :seq, :child, :command, :said)
on conflict (incident, seq, child) do nothing;

-- name: open_late_steps(incident, child)!
-- Opens for a child that joined what its incident had done before: both rows of the outbox may be carried in any order.
-- Of an order that was taken up again only what it did since counts, and nothing while it is at work.
insert into child_step (incident, seq, child, command, said)
select order_id, seq, :child, body ->> 'command', body -> 'said'
from outbox
where order_id = :incident and topic = 'to_children' and (body ->> 'late')::boolean
  and seq >= (
    select max(solved.seq) from outbox as solved
    where solved.order_id = :incident and solved.topic = 'to_children'
      and solved.body ->> 'command' in ('solve_together', 'unmerge', 'detach_from_incident')
  )
  and exists (
    select from work_order where order_id = :incident and stage in ('feedback', 'callback', 'closed')
  )
on conflict (incident, seq, child) do nothing;

-- name: claim_steps(count)
-- Steps to be taken now, of each child its first, put off for whoever else looks.
update child_step as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select incident, seq, child from child_step as step
  where outcome is null and try_at <= now() and not exists (
    select from child_step as earlier
    where earlier.child = step.child and earlier.incident = step.incident and earlier.seq < step.seq
      and earlier.outcome is null
  )
  order by try_at, incident, seq, child
  limit :count
  for update skip locked
) as next
where (mine.incident, mine.seq, mine.child) = (next.incident, next.seq, next.child)
returning mine.incident, mine.seq, mine.child, mine.command, mine.said, mine.tries;

-- name: end_step(incident, seq, child, outcome, message_id)!
-- What became of a step; the first outcome stands.
update child_step set outcome = :outcome, message_id = :message_id, done_at = now()
where incident = :incident and seq = :seq and child = :child and outcome is null;

-- name: is_overtaken(incident, seq, child)$
-- Whether a child is to be solved, or told the result, after this step.
select exists(
  select from child_step where incident = :incident and child = :child and seq > :seq
    and (command = 'solve_together' or said ->> 'kind' = 'result')
);

-- name: mass_notices(incident)
-- The mass notices of an incident, child by child: what became of the step, and of the message to its owner.
select
  step.seq, step.child, step.said ->> 'kind', step.created_at, step.outcome,
  message.sent_at, message.given_up_at is not null as given_up,
  message.given_up_at is not null and message.confirmed_at is not null as dropped
from child_step as step
left join owner_message as message using (message_id)
where step.incident = :incident and step.command = 'give_feedback'
order by step.seq, step.child;

-- name: solving(incident)
-- Which children go on with their feedback because their incident was solved, and what became of each.
select child, outcome from child_step where incident = :incident and command = 'solve_together' order by child;

-- name: texts_by_id(text_ids)
-- Sealed words by their ids, and whose they are.
select text_id, order_id, subject_id, community, sealed from pii_text where text_id = any(:text_ids::text[]);

-- name: ended_incidents(count)
-- Incidents that are dealt with, and of whose children none is open or owes anything; nothing is on its way to them.
select parent.order_id, parent.version
from work_order as parent
where parent.incident = parent.order_id and parent.stage = 'feedback' and parent.closed_at is null
  and not exists (
    select from work_order as child
    where child.incident = parent.order_id and child.order_id <> parent.order_id
      and (child.closed_at is null or child.duties <> '[]')
  )
  and not exists (select from incident_joining as one where one.incident = parent.order_id and one.outcome is null)
  and not exists (select from child_step as one where one.incident = parent.order_id and one.outcome is null)
  and not exists (select from child_report as one where one.incident = parent.order_id and one.outcome is null)
order by parent.order_id
limit :count;
