CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ADD UNIQUE (title) INCLUDE (pages);
