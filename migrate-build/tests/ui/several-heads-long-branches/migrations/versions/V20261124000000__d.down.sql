alter table books drop column d;
