create table shelves (id bigint primary key);
frobnicate table books;
