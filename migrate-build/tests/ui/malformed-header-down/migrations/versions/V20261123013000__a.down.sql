--! transaction = false
select 1;
