--! irreversible = ""
select 1;
