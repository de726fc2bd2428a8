CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE people (id int, m mood DEFAULT 'ok');
