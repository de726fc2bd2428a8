CREATE TABLE books (title text);
INSERT INTO books VALUES ('a'), ('a');
-- fails
CREATE UNIQUE INDEX CONCURRENTLY one_title ON books (title);
