CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW w AS SELECT id FROM books;
