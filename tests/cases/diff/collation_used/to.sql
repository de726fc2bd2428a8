CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE TABLE books (id int PRIMARY KEY, title text COLLATE plain, pages int);
