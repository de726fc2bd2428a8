alter table books drop isbn;
