ALTER TABLE books VALIDATE CONSTRAINT books_pages_check;
