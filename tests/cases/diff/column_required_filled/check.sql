SELECT pages = 0 FROM books;
