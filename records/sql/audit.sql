-- name: lock_chain(chain)^
-- Lets writers of one chain in one after another, until the transaction ends.
select pg_advisory_xact_lock(hashtextextended(:chain::text, 2));

-- name: chain_end(chain)^
-- The last event of a chain.
select seq, hash from audit_event where chain = :chain order by seq desc limit 1;

-- name: append_audit_events(chain, seqs, ats, bodies, hashes)!
-- The next events of a chain.
insert into audit_event (chain, seq, at, body, hash)
select :chain, told.*
from unnest(:seqs::bigint[], :ats::timestamptz[], :bodies::bytea[], :hashes::bytea[]) as told (seq, at, body, hash);

-- name: chain_events(chain)
-- A chain in its order.
select seq, at, body, hash from audit_event where chain = :chain order by seq;

-- name: chain_names()
-- Every chain beside the orders' own, those too of which nothing is left but what notices say.
select chain from audit_event
union select queued_in from notice where queued_in <> ''
union select ended_in from notice where ended_in <> ''
order by 1;

-- name: unchained_notices(count)
-- Notices of which no chain tells yet that they were queued, or what became of them, the oldest first; locked until the
-- transaction ends. A digest belongs to the community of the first order that it names.
select
  notice.notice_id, notice.order_id, notice.seq, notice.person, notice.role, notice.channel, notice.body,
  notice.not_before, notice.created_at, notice.sent_at, notice.dropped_because, notice.told_by,
  notice.queued_in, notice.ended_in, coalesce(known.community, '-') as community
from notice
left join work_order as known on known.order_id = coalesce(notice.order_id, notice.body #>> '{cases,0,order}')
where notice.queued_in is null
  or (notice.ended_in is null and (notice.sent_at is not null or notice.dropped_because is not null))
order by notice.created_at, notice.notice_id
limit :count
for update of notice skip locked;

-- name: mark_notices_chained(notice_ids, queued, ended)!
-- In which chains these notices stand now; where they stood before stays.
update notice set queued_in = coalesce(notice.queued_in, told.queued), ended_in = coalesce(notice.ended_in, told.ended)
from unnest(:notice_ids::text[], :queued::text[], :ended::text[]) as told (notice_id, queued, ended)
where notice.notice_id = told.notice_id;

-- name: notices_in_chain(chain)
-- The notices of which a chain tells, by what the record says of them now.
select
  notice_id, order_id, seq, person, role, channel, body, not_before, created_at, sent_at, dropped_because, told_by,
  queued_in, ended_in, '' as community
from notice
where queued_in = :chain or ended_in = :chain;
