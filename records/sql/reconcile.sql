-- name: known_orders()
-- Every order that the record has heard of, whatever table it stands in.
select order_id from work_order union select order_id from intake union select order_id from work_order_event;

-- name: never_received(order_ids)
-- Which of these orders no intake tells of, in their order.
select told.order_id
from unnest(:order_ids::text[]) with ordinality as told (order_id, place)
where not exists (select from intake where intake.order_id = told.order_id)
order by told.place;

-- name: received_any()$
-- Whether anything was ever received here.
select exists (select from intake);

-- name: outbox_of_order(order_id)
-- What an order has ever asked to be carried.
select seq, topic from outbox where order_id = :order_id;

-- name: digests_of_terms()
-- Which terms are written; there are few, for all orders of a category share theirs.
select digest from terms;

-- name: pin_terms(digest, body)!
-- One set of terms, once.
insert into terms (digest, body) values (:digest, :body) on conflict (digest) do nothing;

-- name: take_in_again(order_id, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, created_at)!
-- An intake that the record has lost, its process running. The caller's key is not known, and none may ever fit.
insert into intake (
  order_id, key_digest, fingerprint, community, subject_id, start_input, response_due_at, feedback_due_at, received_at,
  created_at, started_at
)
values (
  :order_id, null, '', :community, :subject_id, :start_input, :response_due_at, :feedback_due_at, :received_at,
  :created_at, now()
)
on conflict (order_id) do nothing;

-- name: close_rewritten(order_id, send)!
-- Closes the outbox rows that this very transaction wrote; with `send` only those that became a notice once.
-- What goes to other orders goes again: they pass over what they have heard; but words to owners, told once, do not.
update outbox set done_at = now()
where order_id = :order_id
  and done_at is null
  and topic not in ('child_clocks', 'incident_joining', 'child_joined', 'stands_alone')
  and not (topic = 'to_children' and body ->> 'command' <> 'give_feedback')
  and xmin = pg_current_xact_id()::xid
  and (
    not :send::boolean
    or exists (select from notice where notice.order_id = outbox.order_id and notice.seq = outbox.seq)
  );

-- name: lock_row(order_id)^
-- Holds the current row, so that what is read next holds until the transaction ends.
select order_id from work_order where order_id = :order_id for update;

-- name: mend_row(order_id, seq, head, row, external_id, flags)!
-- Sets the current row to its state after event `seq`, whatever it says now; a later event in the record forbids it.
-- The marks of its reception are in no history: the intake has them still, where that was not lost too.
update work_order as known set
  seq = :seq::bigint, head = :head, community = said.community, stage = said.stage, version = said.version,
  generation = said.generation, kind = said.kind, category = said.category, severity = said.severity,
  channel = said.channel, building = said.building, received_at = said.received_at, first_contact = said.first_contact,
  team = said.team, assignee = said.assignee, next_due_clock = said.next_due_clock, next_due_at = said.next_due_at,
  breaches = said.breaches, level = said.level, urges = said.urges, closed_at = said.closed_at,
  close_reason = said.close_reason, duties = coalesce(said.duties, '[]'), incident = said.incident, merged_into = said.merged_into,
  repeat_of = said.repeat_of,
  external_id = :external_id, flags = :flags::text[],
  external_created_at = coalesce(known.external_created_at, taken.external_created_at),
  is_test = known.is_test or coalesce(taken.is_test, false), special = known.special or coalesce(taken.special, false)
from jsonb_populate_record(null::work_order, :row::jsonb) as said
left join intake as taken on taken.order_id = :order_id
where known.order_id = :order_id
  and not exists (
    select from work_order_event as later where later.order_id = :order_id and later.seq > :seq::bigint
  );

-- name: pass_order_number(number)$
-- Lets the next order be numbered behind this one: a new database would begin again with numbers that processes have.
select setval('order_number', :number::bigint) where :number::bigint >= (select last_value from order_number);
