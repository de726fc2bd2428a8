INSERT INTO books (title) VALUES ('c');
SELECT max(id) = 3 FROM books;
