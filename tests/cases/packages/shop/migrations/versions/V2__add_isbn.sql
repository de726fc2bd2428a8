--! parents = [1]
alter table books add isbn text;
