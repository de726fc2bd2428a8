SELECT isbn = 'x' FROM books;
