-- name: loads_of(staff)
-- How many orders each of these holds, and when each was last given one; actions kept tell for as long as keys are kept.
select
  asked.staff,
  (
    select count(*) from work_order
    where asked.staff in (assignee, receiver) and closed_at is null and stage in ('dispatch', 'handling')
  )::integer as open,
  (
    select max(answered_at) from action
    where envelope -> 'payload' ->> 'assignee' = asked.staff
      and command in ('dispatch', 'transfer') and answer ? 'version'
  ) as given_at
from unnest(:staff::text[]) as asked (staff);

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
