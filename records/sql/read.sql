-- name: open_orders(communities, after_due, after_id, count)
-- Open orders by what falls due first, none due last; a page starts behind (after_due, after_id), at first ('', null).
-- Each community walks its own index, so a caller of one community never pays for the others.
select page.*
from unnest(:communities::text[]) as mine (community)
cross join lateral (
  select w.*
  from work_order as w
  where w.community = mine.community
    and w.closed_at is null
    and (coalesce(w.next_due_at, 'infinity'), w.order_id) > (
      coalesce(:after_due::timestamptz, case when :after_id::text = '' then '-infinity' else 'infinity' end::timestamptz),
      :after_id::text
    )
  order by coalesce(w.next_due_at, 'infinity'), w.order_id
  limit :count
) as page
order by coalesce(page.next_due_at, 'infinity'), page.order_id
limit :count;

-- name: open_orders_in_stage(communities, stage, after_due, after_id, count)
-- The same for one stage.
select page.*
from unnest(:communities::text[]) as mine (community)
cross join lateral (
  select w.*
  from work_order as w
  where w.community = mine.community
    and w.closed_at is null
    and w.stage = :stage
    and (coalesce(w.next_due_at, 'infinity'), w.order_id) > (
      coalesce(:after_due::timestamptz, case when :after_id::text = '' then '-infinity' else 'infinity' end::timestamptz),
      :after_id::text
    )
  order by coalesce(w.next_due_at, 'infinity'), w.order_id
  limit :count
) as page
order by coalesce(page.next_due_at, 'infinity'), page.order_id
limit :count;

-- name: all_orders(communities, stage, after_due, after_id, count)
-- Open and closed orders in the same order; closed ones have nothing due and come last.
select page.*
from unnest(:communities::text[]) as mine (community)
cross join lateral (
  select w.*
  from work_order as w
  where w.community = mine.community
    and (:stage::text is null or w.stage = :stage)
    and (coalesce(w.next_due_at, 'infinity'), w.order_id) > (
      coalesce(:after_due::timestamptz, case when :after_id::text = '' then '-infinity' else 'infinity' end::timestamptz),
      :after_id::text
    )
  order by coalesce(w.next_due_at, 'infinity'), w.order_id
  limit :count
) as page
order by coalesce(page.next_due_at, 'infinity'), page.order_id
limit :count;

-- name: one_order(order_id, communities)^
-- One order, if it belongs to these communities.
select * from work_order where order_id = :order_id and community = any(:communities::text[]);

-- name: row_of_order(order_id)^
-- The current row of an order of any community.
select * from work_order where order_id = :order_id;

-- name: order_of_external(community, external_id)$
-- The order imported under this number.
select order_id from work_order where community = :community and external_id = :external_id order by order_id limit 1;

-- name: events_of_order(order_id)
-- The chain of an order in its order.
select seq, type, at, recorded_at, body, hash from work_order_event where order_id = :order_id order by seq;

-- name: texts_of_order(order_id)
-- Sealed words of an order in the order they came.
select text_id, field, sealed, digest, created_at from pii_text where order_id = :order_id order by created_at, text_id;

-- name: words_lost(order_id)$
-- Whether what was said at the reception of an order stands nowhere: every intake brought words, without an action.
select not exists (select from pii_text where order_id = :order_id and key_digest is null);

-- name: contacts_of_order(order_id)
-- Sealed contacts given with an order.
select contact_id, field, sealed, null::text as digest, null::timestamptz as created_at
from pii_contact
where order_id = :order_id
order by field, contact_id;

-- name: terms_of_digest(digest)$
-- One set of terms.
select body from terms where digest = :digest;

-- name: started_orders(communities)
-- Orders that have a process, the oldest first; a record that was rebuilt knows them by their events alone,
-- and one that lost rows by their intakes or events.
select order_id
from (
  select w.order_id, w.received_at as since
  from work_order as w
  left join intake as i using (order_id)
  where w.community = any(:communities::text[]) and (w.seq > 0 or i.started_at is not null)
  union all
  select coalesce(i.order_id, e.order_id), coalesce(i.created_at, e.at)
  from (select * from intake where started_at is not null) as i
  full join (select order_id, at from work_order_event where seq = 1) as e using (order_id)
  where not exists (select from work_order as w where w.order_id = coalesce(i.order_id, e.order_id))
) as known
order by since, order_id;

-- name: count_orders(communities)^
-- Orders there are, started or not.
select count(*) from work_order where community = any(:communities::text[]);

-- name: is_known(order_id)^
-- Is an intake or an event of an order there?
select exists (select from intake where order_id = :order_id)
  or exists (select from work_order_event where order_id = :order_id);

-- name: order_facts(order_id)^
-- What a door must know of an order before it gives it a command.
select
  work_order.community, work_order.received_at, intake.order_id is null as lost,
  intake.start_input -> 'reception' -> 'terms' ->> 'digest' as terms_digest
from work_order
left join intake using (order_id)
where work_order.order_id = :order_id;

-- name: server_time()$
-- The server's clock.
select now();

-- name: open_duties(communities, person, roles, at, count)
-- Every clock that is owed, the most urgent first; of those due in one quarter of an hour the overdue, then special households; a
-- recovery may be owed of a closed order too. Test orders owe nothing, and what an incident's ladders speak of
-- (generation 0) its children owe. So many duties belong to as many orders at most, those whose first is due first.
-- With roles: only of orders that name this person, or owe something to one of these roles.
with asked as (
  select jsonb_build_array(jsonb_build_object('person', :person::text)) || array_agg(owed) as any_of
  from (
    select jsonb_build_array(jsonb_build_object('accountable', role)) as owed from unnest(:roles::text[]) as role
  ) as by_role
),
first as (
  select w.*
  from unnest(:communities::text[]) as wanted (community)
  cross join lateral (
    select * from work_order as w
    where w.community = wanted.community and not w.is_test and first_duty_at(w.duties) is not null
      and (
        :roles::text[] is null
        or :person::text in (w.assignee, w.receiver, w.first_contact)
        or w.duties @> any((select any_of from asked)::jsonb[])
      )
    order by
      date_bin('15 minutes', first_duty_at(w.duties), 'epoch'), first_duty_at(w.duties) > :at::timestamptz,
      not w.special, first_duty_at(w.duties), w.order_id
    limit :count
  ) as w
)
select w.order_id, w.community, w.stage, w.category, w.severity, w.team, w.first_contact, w.assignee, w.receiver,
  w.special,
  duty.value, w.complained_of
from first as w
cross join lateral jsonb_array_elements(w.duties) with ordinality as duty (value, place)
where (duty.value ->> 'generation')::integer > 0
order by
  date_bin('15 minutes', (duty.value ->> 'due_at')::timestamptz, 'epoch'),
  (duty.value ->> 'due_at')::timestamptz > :at::timestamptz, not w.special,
  (duty.value ->> 'due_at')::timestamptz, w.order_id, duty.place
limit :count;
