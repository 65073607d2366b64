-- name: pulse()^
-- How the house is doing now: what is open, what falls due, what was breached, how late alarms came, what waits.
-- An alarm is late against its planned instant, or against what its order was told last before it, where that came
-- after: its start, or a word that lets clocks run again with the instants they had. What was due then spoke before it.
with open as (
  select stage, next_due_at from work_order where closed_at is null and not is_test
),
alarms as (
  select alarm.type, alarm.body, alarm.recorded_at,
    greatest(extract(epoch from alarm.recorded_at - greatest(alarm.at, told.recorded_at))::float8, 0) as late
  from work_order_event as alarm
  cross join lateral (
    select recorded_at from work_order_event as told
    where told.order_id = alarm.order_id and told.seq < alarm.seq
      and told.type not like 'work_order.clock_%' and told.type not in ('work_order.escalated', 'work_order.resumed')
    order by told.seq desc
    limit 1
  ) as told
  where alarm.type in ('work_order.clock_warned', 'work_order.clock_breached', 'work_order.escalated')
    and alarm.recorded_at > now() - interval '24 hours'
),
breached as (
  select convert_from(body, 'UTF8')::jsonb -> 'payload' ->> 'clock' as clock
  from alarms where type = 'work_order.clock_breached'
),
waiting as (
  -- neither what quiet hours hold nor what a digest tells
  select due_at from notice where sent_at is null and dropped_because is null and told_by is null and due_at <= now()
)
select
  (select coalesce(jsonb_object_agg(stage, n), '{}')
    from (select stage, count(*) as n from open group by stage) as s) as open_by_stage,
  (select count(*) from open where next_due_at >= now() and next_due_at < now() + interval '1 hour') as due_within_hour,
  (select count(*) from open where next_due_at < now()) as overdue,
  (select coalesce(jsonb_object_agg(clock, n), '{}')
    from (select clock, count(*) as n from breached group by clock) as b) as breaches_by_clock,
  (select count(*) from alarms where recorded_at > now() - interval '1 hour') as alarms,
  (select percentile_cont(0.99) within group (order by late) from alarms where recorded_at > now() - interval '1 hour')
    as alarm_late_p99,
  (select max(late) from alarms where recorded_at > now() - interval '1 hour') as alarm_late_max,
  (select count(*) from outbox where done_at is null) as outbox_open,
  (select extract(epoch from now() - min(created_at))::float8 from outbox where done_at is null) as outbox_age,
  (select count(*) from waiting) as notices_open,
  (select extract(epoch from now() - min(due_at))::float8 from waiting) as notices_age,
  (select count(*) from intake where started_at is null) as unstarted,
  (select extract(epoch from now() - min(created_at))::float8 from intake where started_at is null) as unstarted_age,
  (select count(*) from ladder_deed where outcome is null) as deeds_open,
  (select extract(epoch from now() - min(created_at))::float8 from ladder_deed where outcome is null) as deeds_age;
