CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE SCHEMA other;
CREATE PUBLICATION news FOR TABLE books;
