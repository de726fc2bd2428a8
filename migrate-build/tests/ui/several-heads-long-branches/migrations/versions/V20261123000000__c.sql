--! parents = [20261121000000]
alter table books add column c text;
