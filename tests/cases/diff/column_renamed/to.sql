CREATE TABLE books (id int PRIMARY KEY, name text, pages int);
CREATE INDEX ON books (name);
