-- What fired lately, for those who watch the house: only alarms are in it, so other events pay nothing.
create index work_order_event_alarm on work_order_event (recorded_at)
  where type in ('work_order.clock_warned', 'work_order.clock_breached', 'work_order.escalated');
