create table shelves (id bigint primary key);
alter table books add column shelf bigint;
