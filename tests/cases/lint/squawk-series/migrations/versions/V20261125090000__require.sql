alter table books alter column isbn set not null;
