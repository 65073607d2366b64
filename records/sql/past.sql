-- name: lived_orders(communities, after_id, count)
-- Orders that have a process, by number; a page starts behind `after_id`. Test orders are left out of every figure, and so
-- are parents of incidents, which no owner waits for.
select order_id, community, category, kind, severity
from work_order
where community = any(:communities::text[]) and order_id > :after_id and seq > 0 and not is_test
  and incident is distinct from order_id
order by order_id
limit :count;

-- name: acts_of_orders(order_ids, types)
-- Their events of some types, each order's in its order.
select order_id, type, at, body
from work_order_event
where order_id = any(:order_ids::text[]) and type = any(:types::text[])
order by order_id, seq;
