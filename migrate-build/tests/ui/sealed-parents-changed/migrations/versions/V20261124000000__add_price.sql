--! parents = [20261120101500, 20261123013000]
alter table books add price numeric;
