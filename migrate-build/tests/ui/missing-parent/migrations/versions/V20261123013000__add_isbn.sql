--! parents = [20261120101501]
alter table books add column isbn text;
