CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE INDEX ON books (title);
