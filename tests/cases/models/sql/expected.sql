CREATE TABLE books (
    id bigint PRIMARY KEY,
    title text NOT NULL
);
CREATE VIEW titles AS SELECT title FROM books;
CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC; SELECT 1; END;
COMMENT ON TABLE books IS 'semi;colon';
