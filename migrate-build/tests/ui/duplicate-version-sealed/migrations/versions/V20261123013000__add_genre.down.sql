alter table books drop genre;
