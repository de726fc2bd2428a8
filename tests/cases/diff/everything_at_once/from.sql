CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE people (id int, m mood);
CREATE VIEW v AS SELECT title, m FROM books, people;
