SELECT sum(sheets) = 6 FROM books;
