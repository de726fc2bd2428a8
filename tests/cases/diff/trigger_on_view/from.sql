CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
