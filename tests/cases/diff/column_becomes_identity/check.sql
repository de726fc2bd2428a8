INSERT INTO books (title) VALUES ('x');
SELECT max(id) = 4 FROM books;
