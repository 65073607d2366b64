-- The same matter again after it was closed (重复投诉, GRP-04): which order it repeats.
alter table work_order add column repeat_of text;
create index work_order_repeat on work_order (repeat_of) where repeat_of is not null;
create index work_order_alike_closed on work_order (community, category, building, closed_at) where closed_at is not null;
