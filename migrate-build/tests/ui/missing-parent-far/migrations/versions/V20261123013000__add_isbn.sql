--! parents = [7]
alter table books add column isbn text;
