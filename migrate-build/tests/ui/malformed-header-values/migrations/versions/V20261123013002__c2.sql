--! lock-timeout = "5 apples"
select 1;
