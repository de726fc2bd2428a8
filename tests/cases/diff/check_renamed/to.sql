CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ADD CONSTRAINT ck_books_pages CHECK (pages > 0);
