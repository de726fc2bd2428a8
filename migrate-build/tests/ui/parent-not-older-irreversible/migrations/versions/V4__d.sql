--! parents = [2, 3]
alter table books add column d text;
