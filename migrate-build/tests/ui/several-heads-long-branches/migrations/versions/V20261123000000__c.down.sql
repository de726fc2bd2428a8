alter table books drop column c;
