-- Matters of households that are looked after first among equals (INT-10). Which group it is stands sealed beside the
-- order's words (`groups`) and goes with them; here stands only that there is one. No history holds it.

alter table work_order add column special boolean not null default false;
