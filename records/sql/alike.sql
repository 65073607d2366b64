-- name: add_watch(order_id)!
-- Lets the relay look whether this order makes many of one place.
insert into mass_watch (order_id) values (:order_id) on conflict (order_id) do nothing;

-- name: claim_watches(count)
-- Orders to be looked at now, in the order of their numbers, put off for whoever else looks.
update mass_watch as mine
set tries = mine.tries + 1, try_at = now() + put_off(mine.tries)
from (
  select order_id from mass_watch
  where outcome is null and try_at <= now()
  order by order_id
  limit :count
  for update skip locked
) as next
where mine.order_id = next.order_id
returning mine.order_id, mine.members;

-- name: one_proposer(community, category)^
-- Lets one relay at a time decide about matters of a category; the others wait until its transaction ends.
select pg_advisory_xact_lock(hashtextextended('huiyin:mass:' || :community::text || ':' || :category::text, 5));

-- name: proposals_on_their_way(community, category, buildings)$
-- Whether a proposal of this place is fixed and not written yet.
select exists (
  select from mass_watch
  join work_order using (order_id)
  where mass_watch.outcome is null and mass_watch.members is not null
    and community = :community and category = :category and building = any(:buildings::text[])
);

-- name: fix_watch(order_id, members)!
-- Fixes whom a proposal names before it is made.
update mass_watch set members = :members where order_id = :order_id and members is null;

-- name: end_watch(order_id, outcome)!
-- What came of the look; the first outcome stands.
update mass_watch set outcome = :outcome, done_at = now() where order_id = :order_id and outcome is null;

-- name: alike_open(community, category, buildings, since, until, is_test)
-- Open owners' orders of one category in these buildings, received within a time, that belong to no incident.
select order_id, received_at
from work_order
where community = :community and category = :category and building = any(:buildings::text[])
  and received_at between :since and :until
  and closed_at is null and incident is null and is_test = :is_test
order by received_at, order_id;

-- name: alike_parents(community, category, buildings, since)
-- Incidents of one category in these buildings since an instant: is one still open, and for which orders was each proposed?
select
  parent.closed_at is null and parent.stage <> 'feedback' as open,
  array(select jsonb_array_elements_text(intake.start_input -> 'reception' -> 'members')) as members
from work_order as parent
join intake using (order_id)
where parent.community = :community and parent.category = :category
  and (parent.building = any(:buildings::text[]) or parent.building is null)
  and parent.received_at >= :since and parent.incident = parent.order_id;

-- name: alike_recent(community, category, building, area, since, count)
-- Open orders of one category and place received since an instant, the latest first; of a public area its name decides.
select order_id, stage, received_at, coalesce(incident = order_id, false) as is_incident
from work_order
where community = :community and category = :category and received_at >= :since
  and building is not distinct from :building and closed_at is null and merged_into is null
  and (
    :building::text is not null
    or exists (
      select from intake
      where intake.order_id = work_order.order_id and intake.start_input -> 'reception' ->> 'area' = :area::text
    )
  )
order by received_at desc, order_id desc
limit :count;

-- name: complaints(order_ids)
-- What was said at the reception of these orders, sealed, with the key of whoever said it; nothing of erased persons.
select said.order_id, said.text_id, said.subject_id, said.community, said.sealed, key.kek_id, key.wrapped
from pii_text as said
join subject_key as key using (subject_id)
where said.order_id = any(:order_ids::text[]) and said.field = 'complaint' and said.key_digest is null;

-- name: alike_closed(community, category, building, area, since, count)
-- Owners' orders of one category and place closed since an instant, the latest first, with the room, sealed.
select closed.order_id, closed.repeat_of, contact.contact_id, contact.subject_id, contact.sealed, key.kek_id, key.wrapped
from work_order as closed
left join pii_contact as contact on contact.order_id = closed.order_id and contact.field = 'room'
left join subject_key as key on key.subject_id = contact.subject_id
where closed.community = :community and closed.category = :category
  and closed.building is not distinct from :building and closed.closed_at >= :since
  and closed.close_reason not in ('withdrawn', 'merged', 'dismissed', 'children_ended', 'out_of_scope')
  and (
    :building::text is not null
    or exists (
      select from intake
      where intake.order_id = closed.order_id and intake.start_input -> 'reception' ->> 'area' = :area::text
    )
  )
order by closed.closed_at desc, closed.order_id desc
limit :count;
