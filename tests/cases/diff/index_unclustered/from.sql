CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE INDEX i ON books (title);
ALTER TABLE books CLUSTER ON i;
