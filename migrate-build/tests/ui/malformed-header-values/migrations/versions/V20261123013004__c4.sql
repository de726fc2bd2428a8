--! allow = ["mising-down"]
select 1;
