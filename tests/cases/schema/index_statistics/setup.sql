CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE INDEX books_lower ON books (lower(title));
