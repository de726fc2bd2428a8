SELECT count(*) = 3 FROM books WHERE isbn IS NULL;
