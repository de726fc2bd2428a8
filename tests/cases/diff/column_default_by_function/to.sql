CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE books (id int PRIMARY KEY, title text, pages int DEFAULT f());
