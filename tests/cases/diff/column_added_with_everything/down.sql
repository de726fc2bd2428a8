-- part 3
-- part 2, outside of a transaction
ALTER TABLE public.books DROP CONSTRAINT books_isbn_key;
-- part 1
ALTER TABLE public.books
    DROP CONSTRAINT books_isbn_check,
    DROP COLUMN isbn;
