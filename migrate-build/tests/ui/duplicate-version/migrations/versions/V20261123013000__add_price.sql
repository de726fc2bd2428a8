alter table books add column price numeric;
