--! parents = [1]
alter table books add column price numeric;
