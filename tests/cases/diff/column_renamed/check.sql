SELECT count(*) = 3 FROM books WHERE name LIKE 'book %';
