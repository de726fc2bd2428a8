alter table books drop column a;
