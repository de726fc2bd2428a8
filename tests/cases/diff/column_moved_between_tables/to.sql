CREATE TABLE books (id int PRIMARY KEY, title text);
CREATE TABLE extra (id int, pages int);
