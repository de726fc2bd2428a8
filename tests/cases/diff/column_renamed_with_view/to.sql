CREATE TABLE books (id int PRIMARY KEY, name text, pages int);
CREATE VIEW v AS SELECT id, name FROM books WHERE name <> '';
