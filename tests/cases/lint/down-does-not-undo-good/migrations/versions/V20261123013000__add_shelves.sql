create table shelves (id bigint primary key);
create index shelves_id on shelves (id);
alter table books add column shelf bigint;
create type mood as enum ('sad');
alter table books add constraint shelf_is_positive check (shelf > 0) not valid;
