-- What a row says of its reception and no history does: of a lost row the intake knows it still (OPS-09).

alter table intake add column special boolean not null default false;
alter table intake add column is_test boolean not null default false;
alter table intake add column external_created_at timestamptz;
update intake set special = w.special, is_test = w.is_test, external_created_at = w.external_created_at
from work_order as w
where w.order_id = intake.order_id and (w.special or w.is_test or w.external_created_at is not null);
