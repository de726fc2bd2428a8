create table shelves (id bigint primary key);
create index shelves_id on shelves (id);
alter table books add column shelf bigint;
create type mood as enum ('sad');
