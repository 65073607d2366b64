-- Members of staff whom the matter is about: it never reaches them (DSP-13). Ids of colleagues, usr_….

alter table work_order add column complained_of text[] not null default '{}';
