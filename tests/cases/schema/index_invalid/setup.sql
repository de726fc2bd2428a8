CREATE TABLE books (title text);
INSERT INTO books VALUES ('a'), ('a');
