CREATE TABLE books (id int PRIMARY KEY, title text, pages int, isbn text);
CREATE INDEX ON books (isbn);
