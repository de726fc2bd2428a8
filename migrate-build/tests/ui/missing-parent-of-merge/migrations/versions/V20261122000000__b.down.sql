alter table books drop column price;
