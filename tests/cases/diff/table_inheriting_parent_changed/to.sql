CREATE TABLE books (id int PRIMARY KEY, title text DEFAULT 'x', pages bigint, isbn text);
CREATE TABLE comics (artist text) INHERITS (books);
