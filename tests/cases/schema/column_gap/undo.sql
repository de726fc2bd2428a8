DROP TABLE books;
CREATE TABLE books (id bigint, title text);
