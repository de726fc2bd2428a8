--! transaction = false
start transaction;
alter table books add column isbn text;
rollback;
