--! parents = [-1]
select 1;
