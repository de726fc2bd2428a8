CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE INDEX ix_books_title ON books (title);
