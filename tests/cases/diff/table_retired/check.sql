SELECT count(*) = 3 FROM books;
