CREATE TABLE books (id int PRIMARY KEY, title text);
CREATE VIEW v AS SELECT id FROM books;
