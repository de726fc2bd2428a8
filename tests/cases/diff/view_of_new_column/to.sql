CREATE TABLE books (id int PRIMARY KEY, title text, pages int, isbn text);
CREATE VIEW v AS SELECT id, isbn FROM books;
