create table books (id bigint primary key, title text);
create index books_title on books (title);
alter table books alter column title set not null;
