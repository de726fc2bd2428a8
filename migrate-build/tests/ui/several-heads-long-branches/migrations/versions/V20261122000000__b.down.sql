alter table books drop column b;
