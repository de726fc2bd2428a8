ALTER TABLE books DROP isbn;
