-- name: pending_outbox(count)
-- Open rows, oldest first; rows another relay works on are passed over.
select o.order_id, o.seq, o.topic, o.body, o.created_at,
  coalesce((select w.complained_of from work_order as w where w.order_id = o.order_id), '{}')
from outbox as o
where o.done_at is null
order by o.created_at, o.order_id, o.seq
limit :count
for update skip locked;

-- name: mark_outbox_done(order_id, seq, topic)!
-- A row was carried.
update outbox set done_at = now() where order_id = :order_id and seq = :seq and topic = :topic and done_at is null;

-- name: add_notice(notice_id, order_id, seq, person, role, channel, body, not_before)$
-- Queues a notice; a repeat of its id does nothing and answers nothing.
insert into notice (notice_id, order_id, seq, person, role, channel, body, not_before, due_at)
values (
  :notice_id, :order_id, :seq, :person, :role, :channel, :body, :not_before::timestamptz,
  coalesce(:not_before::timestamptz, now())
)
on conflict (notice_id) do nothing
returning notice_id;

-- name: due_notices(now, count)
-- What may leave, the longest due first, and how the matter stands that each is about; locked until the transaction ends.
select
  notice.notice_id, notice.order_id, notice.seq, notice.person, notice.role, notice.channel, notice.body,
  notice.not_before, notice.due_at > greatest(notice.created_at, notice.not_before) as put_off,
  known.closed_at is not null as closed,
  known.order_id is null or exists (
    select from jsonb_array_elements(known.duties) as duty
    where duty.value ->> 'clock' = notice.body ->> 'clock'
      and duty.value -> 'generation' = notice.body -> 'generation'
      and duty.value -> 'turn' = notice.body -> 'turn'
  ) as runs,
  exists (
    select from work_order_event as seen
    where seen.order_id = notice.order_id and seen.seq > notice.seq and seen.type = 'work_order.acknowledged'
      and convert_from(seen.body, 'UTF8')::jsonb -> 'payload' @> jsonb_build_object(
        'clock', notice.body -> 'clock', 'generation', notice.body -> 'generation',
        'turn', notice.body -> 'turn', 'level', notice.body -> 'level'
      )
  ) as acknowledged,
  exists (
    select from work_order_event as answer
    where answer.order_id = notice.order_id and answer.seq > notice.seq
      and answer.type in ('work_order.suspension_approved', 'work_order.suspension_refused')
  ) as decided
from notice
left join work_order as known on known.order_id = notice.order_id
where notice.released_at is null and notice.sent_at is null and notice.dropped_because is null and notice.told_by is null
  and notice.due_at <= greatest(:now::timestamptz, now()) -- what was queued a moment ago is due by the record's clock
order by notice.due_at, notice.notice_id
limit :count
for update of notice skip locked;

-- name: left_since(since, persons)
-- What left for these persons lately: singly, or as a digest.
select person, released_at, order_id is null as digest
from notice
where released_at > :since and person = any(:persons::text[]);

-- name: mark_notice_released(notice_id, at)!
-- A notice's delivery was begun.
update notice set released_at = :at where notice_id = :notice_id and released_at is null;

-- name: put_notices_off(notice_ids, until)!
-- Notices wait for the digest of their person.
update notice set due_at = :until where notice_id = any(:notice_ids::text[]);

-- name: tell_by_digest(notice_ids, digest)!
-- A digest names these notices; they are sent when it is.
update notice set told_by = :digest where notice_id = any(:notice_ids::text[]) and told_by is null;

-- name: mark_notice_sent(notice_id)!
-- A notice was handed over, and with a digest all that it names.
update notice set sent_at = now()
where (notice_id = :notice_id or told_by = :notice_id) and sent_at is null and dropped_because is null;

-- name: mark_notice_dropped(notice_id, because)!
-- A notice is given up.
update notice set dropped_because = :because where notice_id = :notice_id and sent_at is null and dropped_because is null;

-- name: notices_of_order(order_id)
-- What was said to whom about an order, oldest first.
select
  notice_id, order_id, seq, person, role, channel, body, not_before, created_at, sent_at, dropped_because, told_by
from notice
where order_id = :order_id
order by created_at, notice_id;

-- name: one_notice(notice_id)^
-- One notice, for its delivery.
select
  notice_id, order_id, seq, person, role, channel, body, not_before, created_at, sent_at, dropped_because, told_by
from notice
where notice_id = :notice_id;

-- name: roles_told(order_id, person, clock)
-- For which addressees a person was told of levels of a clock: he may acknowledge them (ESC-05, ESC-11).
select distinct body ->> 'to'
from notice
where order_id = :order_id and person = :person and body ->> 'topic' = 'escalation' and body ->> 'clock' = :clock
  and (released_at is not null or sent_at is not null or told_by is not null) and body ->> 'to' is not null;
