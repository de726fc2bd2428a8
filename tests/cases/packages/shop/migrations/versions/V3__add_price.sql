--! parents = [2]
--! irreversible = "prices are not kept"
alter table books add price numeric;
