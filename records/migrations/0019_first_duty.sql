-- What is owed first is found without looking at what is owed later (`huiyin duties`): by the quarter of an hour in which
-- an order's first duty falls due, special households first in it.

-- When the first duty of an order is due; null when it owes nothing. Duties of generation 0 are an incident's own, which
-- its children owe. Immutable: instants are written with their zone.
create function first_duty_at(duties jsonb) returns timestamptz language sql immutable as $$
  select min((duty ->> 'due_at')::timestamptz)
  from jsonb_array_elements(duties) as duty
  where (duty ->> 'generation')::integer > 0
$$;

create index work_order_first_duty on work_order
  (community, date_bin('15 minutes', first_duty_at(duties), 'epoch'), (not special), first_duty_at(duties), order_id)
  where not is_test and first_duty_at(duties) is not null;
