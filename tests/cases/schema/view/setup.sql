CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE VIEW thick AS SELECT id, title FROM books WHERE pages > 500;
