alter table books drop column shelf;
drop type mood;
drop table shelves;
