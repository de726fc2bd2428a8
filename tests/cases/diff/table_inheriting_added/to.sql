CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE TABLE comics (artist text DEFAULT 'x' NOT NULL) INHERITS (books);
