alter table books drop price;
