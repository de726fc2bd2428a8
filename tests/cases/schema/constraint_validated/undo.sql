ALTER TABLE books DROP CONSTRAINT books_pages_check;
ALTER TABLE books ADD CHECK (pages > 0) NOT VALID;
