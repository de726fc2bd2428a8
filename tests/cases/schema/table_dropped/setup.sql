CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE INDEX books_title ON books (title);
