--! transaction = false
alter table books add column isbn text;
