SELECT count(*) = 1 FROM books;
