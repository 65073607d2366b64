-- To whom an order was transferred, until they accept it: whoever gave it answers for it as long (DSP-08).

alter table work_order add column receiver text; -- usr_…
create index work_order_receiver on work_order (receiver) where receiver is not null and closed_at is null;
