-- name: write_attachment(order_id, digest, key_digest, subject_id, community, media_type, size, sealed)!
-- One file that an intake or an action brought; twice is the same as once.
insert into attachment (order_id, digest, key_digest, subject_id, community, media_type, size, sealed)
values (:order_id, :digest, :key_digest, :subject_id, :community, :media_type, :size, :sealed)
on conflict (order_id, digest, key_digest) do nothing;

-- name: attachments_of_order(order_id)
-- What an order has, in the order it came; a file that came twice is one.
select digest, media_type, size, created_at
from (
  select distinct on (digest) digest, media_type, size, created_at
  from attachment where order_id = :order_id order by digest, created_at
) as one
order by created_at, digest;

-- name: attachment_of_order(order_id, digest)^
-- One file, sealed.
select community, subject_id, media_type, sealed from attachment where order_id = :order_id and digest = :digest limit 1;

-- name: drop_loose_attachments(key_digest)!
-- Deletes what a refused action brought, unless an event refers to it.
delete from attachment as brought
where key_digest = :key_digest
  and not exists (
    select from work_order_event as told
    where told.order_id = brought.order_id and position(brought.digest in convert_from(told.body, 'UTF8')) > 0
  );
