alter table books add column note text;
alter table authors add column note text;
