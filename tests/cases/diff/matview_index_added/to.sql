CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE MATERIALIZED VIEW m AS SELECT id FROM books;
CREATE INDEX ON m (id);
