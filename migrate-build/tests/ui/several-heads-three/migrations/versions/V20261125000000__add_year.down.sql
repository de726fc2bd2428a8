alter table books drop column year;
