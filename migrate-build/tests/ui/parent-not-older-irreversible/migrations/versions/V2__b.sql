--! parents = [1, 3]
--! irreversible = "no"
alter table books add column isbn text;
