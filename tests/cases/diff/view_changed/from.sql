CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW v AS SELECT id, title FROM books;
