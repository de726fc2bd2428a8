SELECT pages = 2 FROM books;
