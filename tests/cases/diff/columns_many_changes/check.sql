SELECT count(*) = 3 FROM books WHERE name IS NOT NULL AND b = 'x';
