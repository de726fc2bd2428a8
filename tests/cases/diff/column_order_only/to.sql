CREATE TABLE books (pages int, id int PRIMARY KEY, title text);
