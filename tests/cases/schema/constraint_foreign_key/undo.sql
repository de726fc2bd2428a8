ALTER TABLE loans DROP CONSTRAINT loans_book_fkey;
