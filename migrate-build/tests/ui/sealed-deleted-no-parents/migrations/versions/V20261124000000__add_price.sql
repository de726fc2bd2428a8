alter table books add price numeric;
