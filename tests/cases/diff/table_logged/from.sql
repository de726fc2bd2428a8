CREATE UNLOGGED TABLE books (id int PRIMARY KEY, title text, pages int);
