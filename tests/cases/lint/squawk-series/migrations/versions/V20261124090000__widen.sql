alter table books alter column pages type bigint;
