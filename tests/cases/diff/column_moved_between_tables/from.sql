CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE TABLE extra (id int);
