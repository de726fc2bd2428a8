create table tags (name text primary key);
insert into tags (name) select distinct tag from books;
