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
    first_contact, team, assignee, next_due_clock, next_due_at, breaches, level, urges, closed_at, close_reason
  )
  select
    :order_id, last.seq, last.head, community, stage, version, generation, kind, category, severity, channel, building,
    received_at, first_contact, team, assignee, next_due_clock, next_due_at, breaches, level, urges, closed_at, close_reason
  from last, jsonb_populate_record(null::work_order, :row::jsonb)
  on conflict (order_id) do update set
    seq = excluded.seq, head = excluded.head, community = excluded.community, stage = excluded.stage,
    version = excluded.version, generation = excluded.generation, kind = excluded.kind, category = excluded.category,
    severity = excluded.severity, channel = excluded.channel, building = excluded.building,
    received_at = excluded.received_at, first_contact = excluded.first_contact, team = excluded.team,
    assignee = excluded.assignee, next_due_clock = excluded.next_due_clock, next_due_at = excluded.next_due_at,
    breaches = excluded.breaches, level = excluded.level, urges = excluded.urges, closed_at = excluded.closed_at,
    close_reason = excluded.close_reason
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
