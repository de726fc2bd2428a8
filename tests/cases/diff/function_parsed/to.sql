CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM books WHERE pages > 1; END;
