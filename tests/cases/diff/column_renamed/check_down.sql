SELECT count(*) = 3 FROM books WHERE title LIKE 'book %';
