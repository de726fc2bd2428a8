CREATE TABLE books (id int PRIMARY KEY, title text, pages int, isbn text NOT NULL);
