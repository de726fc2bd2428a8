CREATE TABLE books (id int PRIMARY KEY, name text, pages int);
