--! parents = [20261120101500
select 1;
