--! parents = [20261122000000]
alter table books add column d text;
