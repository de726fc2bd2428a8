alter table books drop ean;
