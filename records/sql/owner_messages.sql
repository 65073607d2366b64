-- name: add_owner_message(message_id, order_id, topic, channels, style, promise_kept, key_digest, due_at)!
-- Queues a message to an owner; a repeat of its id does nothing.
insert into owner_message (message_id, order_id, topic, channels, style, promise_kept, key_digest, due_at)
values (:message_id, :order_id, :topic, :channels::text[], :style, :promise_kept, :key_digest, :due_at)
on conflict (message_id) do nothing;

-- name: claim_owner_message(now)^
-- The message that is due longest and how often it was tried, locked until the transaction ends.
select
  message_id, order_id, topic, channels, style, promise_kept, key_digest, due_at, created_at, sent_at, sent_by,
  given_up_at, confirmed_at, outcome,
  (select count(*)::integer from owner_message_try as tried where tried.message_id = owner_message.message_id) as tries
from owner_message
where sent_at is null and given_up_at is null and due_at <= :now
order by due_at, message_id
limit 1
for update skip locked;

-- name: owner_messages_to_confirm(count)
-- Messages that have arrived and whose orders do not know it yet, with the envelope that tells them.
select message.message_id, message.order_id, message.sent_by, action.key_digest, action.envelope, action.update_id
from owner_message as message join action on action.key_digest = message.key_digest
where message.sent_at is not null and message.confirmed_at is null
order by message.sent_at
limit :count;

-- name: note_owner_try(message_id, number, channel, failed)!
-- A channel was tried.
insert into owner_message_try (message_id, number, channel, failed) values (:message_id, :number, :channel, :failed);

-- name: mark_owner_sent(message_id, channel)!
-- A channel took it.
update owner_message set sent_at = now(), sent_by = :channel where message_id = :message_id and sent_at is null;

-- name: mark_owner_given_up(message_id)!
-- No channel took it.
update owner_message set given_up_at = now() where message_id = :message_id and sent_at is null;

-- name: mark_owner_confirmed(message_id, outcome)!
-- Its order knows of it, or has refused to.
update owner_message set confirmed_at = now(), outcome = :outcome where message_id = :message_id and confirmed_at is null;

-- name: drop_pointless()
-- Drops messages not handed over yet that nobody waits for any more, each with its reason: their orders take no such
-- feedback now (told or ended in another way), or were taken out of the incident whose word it is.
update owner_message as mine
set given_up_at = now(), confirmed_at = now(), outcome = pointless.because
from (
  select message.message_id, case when of_other.child is null then 'settled' else 'not-attached' end as because
  from owner_message as message
  join work_order as own using (order_id)
  left join child_step as of_other
    on of_other.child = message.order_id and of_other.message_id = message.message_id
    and of_other.incident is distinct from own.incident and of_other.incident is distinct from own.merged_into
  where message.sent_at is null and message.given_up_at is null and case message.topic
    when 'callback_link' then own.close_reason is distinct from 'not_reached'
    when 'result' then own.stage <> 'feedback' or of_other.child is not null
    else own.stage in ('callback', 'closed') or of_other.child is not null
  end
  for update of message skip locked
) as pointless
where mine.message_id = pointless.message_id
returning mine.message_id, mine.outcome;

-- name: drop_superseded(order_id)!
-- Drops what was to be told before the result and was not handed over yet: the result takes its place.
update owner_message set given_up_at = now(), confirmed_at = now(), outcome = 'superseded'
where order_id = :order_id and topic not in ('result', 'callback_link') and sent_at is null and given_up_at is null;

-- name: owner_messages_of_order(order_id)
-- What was sent to the owner about an order, oldest first, each with its tries.
select
  message_id, order_id, topic, channels, style, promise_kept, key_digest, due_at, created_at, sent_at, sent_by,
  given_up_at, confirmed_at, outcome,
  (select count(*)::integer from owner_message_try as tried where tried.message_id = owner_message.message_id) as tries
from owner_message
where order_id = :order_id
order by created_at, message_id;

-- name: owner_tries_of_order(order_id)
-- Every try of the messages to an order's owner.
select tried.message_id, tried.number, tried.channel, tried.tried_at, tried.failed
from owner_message_try as tried join owner_message using (message_id)
where owner_message.order_id = :order_id
order by tried.message_id, tried.number;

-- name: text_of_action(key_digest)
-- The words an action brought.
select text_id, field, sealed, digest, created_at from pii_text where key_digest = :key_digest order by text_id;

-- name: add_callback_link(digest, order_id)!
-- What opens an order's callback.
insert into callback_link (digest, order_id) values (:digest, :order_id);

-- name: order_of_link(digest)^
-- The order that a link opens, and whose it is.
select link.order_id, intake.subject_id, intake.community
from callback_link as link join intake using (order_id)
where link.digest = :digest;
