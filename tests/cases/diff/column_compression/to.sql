CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ALTER title SET COMPRESSION pglz;
