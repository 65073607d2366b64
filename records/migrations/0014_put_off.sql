-- How long something is put off that was tried so often before: a second, then twice as long, half a minute at most.

create function put_off(tries integer) returns interval language sql immutable as $$
  select least(power(2, least(tries, 6)), 30) * interval '1 second'
$$;
