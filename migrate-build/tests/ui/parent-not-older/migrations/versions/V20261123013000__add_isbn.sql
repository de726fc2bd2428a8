--! parents = [20261124000000]
alter table books add column isbn text;
