CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
