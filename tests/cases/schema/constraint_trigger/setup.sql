CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
