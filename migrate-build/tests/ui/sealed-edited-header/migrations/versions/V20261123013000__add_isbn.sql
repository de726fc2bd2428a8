--! parents = [20261120101500]
--! transaction = false
alter table books add isbn text;
