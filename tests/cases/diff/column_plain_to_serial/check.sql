INSERT INTO books (title) VALUES ('c');
SELECT max(id) = 4 FROM books;
