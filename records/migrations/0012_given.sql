-- What dispatching asks of the record (DSP-01, DSP-03, DSP-04): who holds how much, and to whom a team gave last.

create index work_order_held on work_order (assignee) where closed_at is null and stage in ('dispatch', 'handling');

create index action_given on action ((envelope -> 'payload' ->> 'assignee'), answered_at desc)
  where command in ('dispatch', 'transfer') and answer ? 'version';
create index action_given_by_team on action ((envelope -> 'payload' ->> 'team'), answered_at desc)
  where command = 'dispatch' and answer ? 'version';
create index work_order_place on work_order (community, building) where closed_at is not null;
