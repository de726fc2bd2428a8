--! parents = [20261123013007]
select 0;
--! transaction = false
select 1;
