--! transaction = "no"
select 1;
