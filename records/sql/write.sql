-- name: record_batch(order_id, seqs, types, ats, recorded_ats, bodies, hashes, row, out_seqs, out_topics, out_bodies, text_ids)$
-- Writes a batch in one statement, hence one transaction: events, current row, outbox, texts now referred to.
-- A known event is passed over; another event in its place becomes an update, which the append-only trigger refuses.
-- Answers with the highest seq the order's row has reached.
with incoming as (
  select *
  from unnest(
    :seqs::bigint[], :types::text[], :ats::timestamptz[], :recorded_ats::timestamptz[], :bodies::bytea[], :hashes::bytea[]
  ) as event (seq, type, at, recorded_at, body, hash)
),
last as (
  select seq, encode(hash, 'hex') as head from incoming order by seq desc limit 1
),
chained as (
  insert into work_order_event as known (order_id, seq, type, at, recorded_at, body, hash)
  select :order_id, seq, type, at, recorded_at, body, hash from incoming order by seq
  on conflict (order_id, seq) do update set body = excluded.body, hash = excluded.hash
  where known.hash <> excluded.hash or known.body <> excluded.body
),
shown as (
  insert into work_order as known (
    order_id, seq, head, community, stage, version, generation, kind, category, severity, channel, building, received_at,
    first_contact, team, assignee, next_due_clock, next_due_at, breaches, level, urges, closed_at, close_reason, duties,
    incident, receiver, complained_of, merged_into, repeat_of
  )
  select
    :order_id, last.seq, last.head, community, stage, version, generation, kind, category, severity, channel, building,
    received_at, first_contact, team, assignee, next_due_clock, next_due_at, breaches, level, urges, closed_at, close_reason,
    coalesce(duties, '[]'), incident, receiver, coalesce(complained_of, '{}'), merged_into, repeat_of
  from last, jsonb_populate_record(null::work_order, :row::jsonb)
  on conflict (order_id) do update set
    seq = excluded.seq, head = excluded.head, community = excluded.community, stage = excluded.stage,
    version = excluded.version, generation = excluded.generation, kind = excluded.kind, category = excluded.category,
    severity = excluded.severity, channel = excluded.channel, building = excluded.building,
    received_at = excluded.received_at, first_contact = excluded.first_contact, team = excluded.team,
    assignee = excluded.assignee, next_due_clock = excluded.next_due_clock, next_due_at = excluded.next_due_at,
    breaches = excluded.breaches, level = excluded.level, urges = excluded.urges, closed_at = excluded.closed_at,
    close_reason = excluded.close_reason, duties = excluded.duties, incident = excluded.incident, receiver = excluded.receiver,
    complained_of = excluded.complained_of, merged_into = excluded.merged_into, repeat_of = excluded.repeat_of
  where known.seq < excluded.seq
),
sent as (
  insert into outbox (order_id, seq, topic, body)
  select :order_id, seq, topic, body
  from unnest(:out_seqs::bigint[], :out_topics::text[], :out_bodies::jsonb[]) as row (seq, topic, body)
  on conflict (order_id, seq, topic) do nothing
),
kept as (
  update pii_text set kept = true where text_id = any(:text_ids::text[]) and not kept
)
select greatest(
  coalesce((select seq from last), 0),
  coalesce((select known.seq from work_order as known where known.order_id = :order_id), 0)
);

-- name: put_aside(order_id, seqs, recorded_ats, hashes)$
-- Puts aside what a lost task left: the last events of the record, from the first that the batch has otherwise, if all
-- were recorded before the batch was and within the ten seconds a task lives. Answers with the first seq; null = none.
with unlike as (
  select known.seq, event.recorded_at
  from unnest(:seqs::bigint[], :recorded_ats::timestamptz[], :hashes::bytea[]) as event (seq, recorded_at, hash)
  join work_order_event as known on known.order_id = :order_id and known.seq = event.seq and known.hash <> event.hash
  order by known.seq limit 1
),
last as (
  select known.* from work_order_event as known, unlike where known.order_id = :order_id and known.seq >= unlike.seq
),
kept as (
  insert into work_order_event_lost (order_id, seq, type, at, recorded_at, body, hash)
  select order_id, seq, type, at, recorded_at, body, hash from last
  where (
    select max(last.recorded_at) < (select recorded_at from unlike)
      and max(last.recorded_at) - min(last.recorded_at) < interval '10 seconds'
    from last
  )
  returning seq
)
select min(seq) from kept;

-- name: take_out(order_id, since)!
-- Takes the events put aside out of their chain.
delete from work_order_event where order_id = :order_id and seq >= :since::bigint;

-- name: take_back(order_id, since)!
-- Forgets what they asked to be carried and nobody has carried yet.
delete from outbox where order_id = :order_id and seq >= :since::bigint and done_at is null;

-- name: turn_back(order_id, since)!
-- Lets the current row be written anew by the next batch.
update work_order set seq = :since::bigint - 1 where order_id = :order_id;
