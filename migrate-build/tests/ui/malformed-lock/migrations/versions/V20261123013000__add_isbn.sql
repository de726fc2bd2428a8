--! parents = [20261120101500]
alter table books add isbn text;
