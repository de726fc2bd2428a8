create table notes (id bigint primary key);
alter table notes add column note text;
alter table books add column note text;
alter table books add column other text;
