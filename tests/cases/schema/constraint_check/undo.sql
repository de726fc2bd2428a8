ALTER TABLE books DROP CONSTRAINT books_pages_check;
