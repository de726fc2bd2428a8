CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE TABLE comics (id int NOT NULL, title text, pages int);
