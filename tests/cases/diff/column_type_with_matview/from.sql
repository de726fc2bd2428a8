CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE MATERIALIZED VIEW m AS SELECT id, pages FROM books;
CREATE UNIQUE INDEX ON m (id);
