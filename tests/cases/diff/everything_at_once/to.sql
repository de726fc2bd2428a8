CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TABLE people (id bigint PRIMARY KEY, m mood NOT NULL DEFAULT 'c');
CREATE TABLE books (id int PRIMARY KEY, title varchar(50), owner bigint REFERENCES people);
CREATE INDEX ON books (owner);
CREATE VIEW v AS SELECT title, m FROM books, people WHERE owner = people.id;
