CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE TABLE comics (artist text) INHERITS (books);
