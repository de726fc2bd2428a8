INSERT INTO books (title) VALUES ('d');
SELECT max(id) = 4 FROM books;
