-- name: lock_key(key_digest)^
-- Lets callers with the same key in one after another, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(encode(:key_digest::bytea, 'hex'), 1));

-- name: intake_of_key(key_digest)^
-- The intake that used this key.
select
  fingerprint, order_id, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, created_at,
  started_at, attempts
from intake
where key_digest = :key_digest;

-- name: intake_of_order(order_id)^
-- What is known of an order from its reception.
select
  order_id, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, created_at, started_at,
  attempts
from intake
where order_id = :order_id;

-- name: next_order_number()$
-- Reserves the number of an order.
select 'wo_' || nextval('order_number');

-- name: write_intake(order_id, key_digest, fingerprint, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, terms_digest, terms, row, external_id, external_created_at, flags, is_test, special, text_ids, text_fields, text_seals, text_digests, contact_ids, contact_fields, contact_seals)^
-- Writes everything a new matter brings: terms, sealed words, the order's row as event 0, and the intake itself.
with pinned as (
  insert into terms (digest, body) values (:terms_digest, :terms) on conflict (digest) do nothing
),
said as (
  insert into pii_text (text_id, order_id, subject_id, community, field, sealed, digest)
  select text_id, :order_id, :subject_id, :community, field, sealed, digest
  from unnest(:text_ids::text[], :text_fields::text[], :text_seals::bytea[], :text_digests::text[])
    as word (text_id, field, sealed, digest)
),
known_by as (
  insert into pii_contact (contact_id, order_id, subject_id, community, field, sealed)
  select contact_id, :order_id, :subject_id, :community, field, sealed
  from unnest(:contact_ids::text[], :contact_fields::text[], :contact_seals::bytea[]) as word (contact_id, field, sealed)
),
shown as (
  insert into work_order (
    order_id, seq, community, stage, version, generation, kind, category, severity, channel, building, received_at,
    first_contact, team, assignee, next_due_clock, next_due_at, breaches, level, urges, closed_at, close_reason,
    external_id, external_created_at, flags, is_test, special, duties, incident,
    merged_into, repeat_of
  )
  select
    :order_id, 0, community, stage, version, generation, kind, category, severity, channel, building, received_at,
    first_contact, team, assignee, next_due_clock, next_due_at, breaches, level, urges, closed_at, close_reason,
    :external_id, :external_created_at::timestamptz, :flags::text[], :is_test::boolean, :special::boolean,
    coalesce(duties, '[]'), incident, merged_into, repeat_of
  from jsonb_populate_record(null::work_order, :row::jsonb)
)
insert into intake (
  order_id, key_digest, fingerprint, community, subject_id, start_input, response_due_at, feedback_due_at, received_at,
  external_created_at, is_test, special
)
values (
  :order_id, :key_digest, :fingerprint, :community, :subject_id, :start_input, :response_due_at, :feedback_due_at,
  :received_at, :external_created_at::timestamptz, :is_test::boolean, :special::boolean
)
returning
  order_id, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, created_at, started_at,
  attempts;

-- name: unstarted_intakes(count, idle_for)
-- Intakes without a process, the least tried and oldest first; rows another relay works on are passed over.
select
  order_id, community, subject_id, start_input, response_due_at, feedback_due_at, received_at, created_at, started_at,
  attempts
from intake
where started_at is null and created_at <= now() - :idle_for::interval
order by attempts, created_at
limit :count
for update skip locked;

-- name: mark_started(order_id)!
-- The process of this order runs.
update intake set started_at = now() where order_id = :order_id and started_at is null;

-- name: mark_not_started(order_id)!
-- A start failed; others go first next time. Whoever holds the row works on it now, and is not waited for.
update intake set attempts = attempts + 1
where order_id in (
  select order_id from intake where order_id = :order_id and started_at is null for update skip locked
);
