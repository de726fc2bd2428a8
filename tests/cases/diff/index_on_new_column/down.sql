-- part 2, outside of a transaction
DROP INDEX CONCURRENTLY public.books_isbn_idx;
-- part 1
ALTER TABLE public.books DROP COLUMN isbn;
