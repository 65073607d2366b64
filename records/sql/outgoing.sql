-- name: pending_outbox(count)
-- Open rows, oldest first; rows another relay works on are passed over.
select order_id, seq, topic, body, created_at
from outbox
where done_at is null
order by created_at, order_id, seq
limit :count
for update skip locked;

-- name: mark_outbox_done(order_id, seq, topic)!
-- A row was carried.
update outbox set done_at = now() where order_id = :order_id and seq = :seq and topic = :topic and done_at is null;

-- name: add_notice(notice_id, order_id, seq, person, role, channel, body)$
-- Queues a notice; a repeat of its id does nothing and answers nothing.
insert into notice (notice_id, order_id, seq, person, role, channel, body)
values (:notice_id, :order_id, :seq, :person, :role, :channel, :body)
on conflict (notice_id) do nothing
returning notice_id;

-- name: mark_notice_sent(notice_id)!
-- A notice was handed over.
update notice set sent_at = now() where notice_id = :notice_id and sent_at is null and dropped_because is null;

-- name: mark_notice_dropped(notice_id, because)!
-- A notice is given up.
update notice set dropped_because = :because where notice_id = :notice_id and sent_at is null and dropped_because is null;

-- name: notices_of_order(order_id)
-- What was said to whom about an order, oldest first.
select notice_id, order_id, seq, person, role, channel, body, created_at, sent_at, dropped_because
from notice
where order_id = :order_id
order by created_at, notice_id;

-- name: one_notice(notice_id)^
-- One notice, for its delivery.
select notice_id, order_id, seq, person, role, channel, body, created_at, sent_at, dropped_because
from notice
where notice_id = :notice_id;
