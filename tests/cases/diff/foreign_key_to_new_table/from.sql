CREATE TABLE books (id int PRIMARY KEY, author int);
