CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
ALTER TABLE books ADD CHECK (pages > 0) NOT VALID;
