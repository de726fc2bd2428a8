--! parents = [20261123013000]
alter table books add price numeric;
