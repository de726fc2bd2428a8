alter table books drop column isbn;
