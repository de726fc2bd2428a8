CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE MATERIALIZED VIEW thick AS SELECT id FROM books WHERE pages > 500;
CREATE UNIQUE INDEX thick_id ON thick (id);
